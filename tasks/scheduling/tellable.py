"""Which cron expressions can be told as a phrase that is true.

cron-descriptor has a phrase for any expression, and some of them mean something else: it drops the
numbers of `1#1,3#2`, says “or” where cron means “and” (`*/2` beside a day of the week), takes a
step beyond the end of its field at its word, and in Turkish forgets where a step begins.
"""

import re

_NAME = r"(?:\d{1,2}|[A-Za-z]{3})"
_RANGE = rf"{_NAME}(?:-{_NAME})?"
_LISTED = rf"{_RANGE}(?:,{_RANGE})*"
_STEPS = rf"(?:\*|{_NAME}(?:-{_NAME})?)/(?P<step>\d{{1,4}})"
_COUNTED = re.compile(rf"\*|{_LISTED}|{_STEPS}")
_DAY = re.compile(rf"\*|L|LW|{_LISTED}|{_STEPS}")
_WEEKDAY = re.compile(rf"\*|{_NAME}(?:#\d|L)|{_LISTED}")
_FIELDS = ((_COUNTED, 59), (_COUNTED, 23), (_DAY, 31), (_COUNTED, 12), (_WEEKDAY, 6))
"""Of each field what it may look like, and its largest number."""


def is_tellable(fields: str) -> bool:
    """Whether the phrase of these fields says what they mean."""
    parts = fields.split()
    if len(parts) != len(_FIELDS) or (parts[2].startswith("*/") and parts[4] != "*"):
        return False
    return all(_fits(part, *field) for part, field in zip(parts, _FIELDS, strict=True))


def as_told(fields: str, language: str) -> str:
    """Return the same fields so that the phrase in this language leaves nothing out."""
    if language != "tr":
        return fields
    told = [
        re.sub(r"^([1-9]\d?)/", rf"\1-{largest}/", part)
        for part, (_, largest) in zip(fields.split(), _FIELDS, strict=True)
    ]
    return " ".join(told)


def _fits(part: str, form: re.Pattern[str], largest: int) -> bool:
    match = form.fullmatch(part)
    if match is None:
        return False
    step = match.groupdict().get("step")
    return step is None or int(step) <= largest
