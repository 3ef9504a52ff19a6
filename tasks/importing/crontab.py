"""Celery's crontab as one of ours: the same instants, in five fields.

Celery means a day on which both of its day fields agree, cron one on which either does; Celery
lets a range run over the end (`fri-mon`), and takes long names.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import count, groupby

from tasks.errors import Invalid
from tasks.scheduling.cron import LONGEST_EXPRESSION

FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day_of_month", 1, 31),
    ("month_of_year", 1, 12),
    ("day_of_week", 0, 6),
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
NUMBERS = {name: number for number, name in enumerate(MONTHS, 1)} | {
    name: number for number, name in enumerate(DAYS)
}
PART = re.compile(r"(?:(\*)|(\w+)(?:-(\w+))?)(?:/(\d{1,4}))?")
WHOLE = "*"


def cron_of(crontab: Mapping[str, object]) -> str:
    """Return the cron expression of a row of crontabs; raises Invalid where there is none."""
    fields = [_field(name, crontab.get(name), low, high) for name, low, high in FIELDS]
    day_of_month, day_of_week = fields[2], fields[4]
    if not day_of_month.startswith(WHOLE) and not day_of_week.startswith(WHOLE):
        raise Invalid(
            "It names days of the month and days of the week, and Celery runs it where both agree. "
            "Cron cannot say so: make a schedule for each."
        )
    expression = " ".join(fields)
    if len(expression) > LONGEST_EXPRESSION:
        raise Invalid("Its crontab is too long: make a schedule for each part of it.")
    return expression


def _field(name: str, given: object, low: int, high: int) -> str:
    """Return one field as the shortest text of the same numbers."""
    text = re.sub(r"[\s\[\]{}]", "", str(given)) if given else WHOLE
    every = re.fullmatch(r"\*/0*([1-9]\d{0,3})", text)
    numbers = _numbers(name, text, low, high)
    if len(numbers) == high - low + 1:
        return WHOLE
    return f"*/{every[1]}" if every else _compact(sorted(numbers))


def _numbers(name: str, text: str, low: int, high: int) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        match = PART.fullmatch(part)
        if match is None or (match[4] and int(match[4]) == 0):
            raise _unreadable(name, text)
        star, first, last, step = match.groups()
        if star:
            span = list(range(low, high + 1))
        else:
            start = _number(name, first, low, high)
            span = _span(start, _number(name, last or first, low, high), low, high)
        found.update(span[:: int(step or 1)])
    return found


def _span(first: int, last: int, low: int, high: int) -> list[int]:
    if last >= first:
        return list(range(first, last + 1))
    return [*range(first, high + 1), *range(low, last + 1)]


def _number(name: str, text: str, low: int, high: int) -> int:
    number = int(text) if text.isdecimal() else NUMBERS.get(text[:3].lower(), -1)
    if name == "day_of_week" and number == 7:
        number = 0
    if not low <= number <= high:
        raise _unreadable(name, text)
    return number


def _unreadable(name: str, text: str) -> Invalid:
    return Invalid("Its {name} “{text}” cannot be read.", name=name, text=text[:80])


def _compact(numbers: Sequence[int]) -> str:
    """Return 1, 2, 3, 5 as `1-3,5`."""
    steps = count()
    runs = [list(run) for _, run in groupby(numbers, key=lambda one: one - next(steps))]
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 2 else _listed(run) for run in runs)


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(str(number) for number in numbers)
