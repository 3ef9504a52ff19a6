"""A cron expression in a time zone.

cronsim says which times on the wall an expression names; what that means on the nights when the
clocks change is decided here, as Debian's cron does: a time that does not exist runs at the first
minute that does, a time that exists twice runs once, and what runs every hour or every few
minutes (its minute or hour starts with a star) loses no instant. cronsim's own zones are not
used: where clocks change by half an hour it loses instants.
"""

import re
from collections import deque
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from tasks.errors import Invalid, mark
from tasks.scheduling.instants import Instant, Timing, on_wall

NICKNAMES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
LONGEST_EXPRESSION = 120
LONGEST_REPEAT = timedelta(hours=3)
"""More than the clocks have ever been set back in one night, the moves of the date line apart."""
NAMES = (
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    ("sun", "mon", "tue", "wed", "thu", "fri", "sat"),
)
RANGE = re.compile(r"\b(\w+)-(\w+)\b")
BACKWARDS = mark(
    "“{expression}”: a range goes upwards. Write one that passes the end as two, such as "
    "22-23,0-2 for 22-2."
)
NOT_CRON = mark("“{expression}” is not a cron expression.")
UNREADABLE = {
    "Bad minute": mark("“{expression}”: the minute, the first field, goes from 0 to 59."),
    "Bad hour": mark("“{expression}”: the hour, the second field, goes from 0 to 23."),
    "Bad day-of-month": mark(
        "“{expression}”: the day of the month, the third field, goes from 1 to 31 and is there in "
        "the month that the fourth field names; L is the last."
    ),
    "Bad month": mark("“{expression}”: the month, the fourth field, goes from 1 to 12."),
    "Bad day-of-week": mark(
        "“{expression}”: the day of the week, the fifth field, goes from 0, Sunday, to 6; 5#2 is "
        "the second Friday."
    ),
}
"""What cronsim says, as a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Cron(Timing):
    """Five fields, or a nickname such as @daily, in a time zone; raises Invalid."""

    expression: str
    zone: ZoneInfo

    def __post_init__(self) -> None:
        _read(self.expression)

    @property
    def fields(self) -> str:
        """The five fields, also of a nickname."""
        return _fields(self.expression)

    def instants(self, after: datetime) -> Iterator[Instant]:
        sim = _read(self.expression)
        all_the_time = any(part.startswith("*") for part in self.fields.split()[:2])
        after = after.astimezone(UTC)
        found = self._repeating(sim, after) if all_the_time else self._fixed(sim, after)
        return (one for one in found if one.at.astimezone(UTC) > after)

    def _fixed(self, sim: CronSim, after: datetime) -> Iterator[Instant]:
        """Yield what is due at times of the day, each once in a night."""
        last = None
        for wall in _walls(sim, _wall(after, self.zone)):
            one = on_wall(wall, self.zone)
            if one.at != last:  # two that do not exist may stand at the same minute
                yield one
            last = one.at

    def _repeating(self, sim: CronSim, after: datetime) -> Iterator[Instant]:
        """Yield what is due all the time: every existing minute, and one that comes twice twice."""
        again: deque[Instant] = deque()
        for wall in _walls(sim, self._before_a_repeat(after)):
            one = on_wall(wall, self.zone)
            if one.code == "dst_gap":
                continue
            while again and again[0].at.astimezone(UTC) < one.at.astimezone(UTC):
                yield again.popleft()
            yield Instant(one.at)
            if one.code == "dst_fold":
                again.append(Instant(one.at.replace(fold=1)))

    def _before_a_repeat(self, after: datetime) -> datetime:
        """Return the time on the wall, earlier where a part of the night is still repeated."""
        around = [after + step * LONGEST_REPEAT for step in (-1, 0, 1)]
        offsets = {at.astimezone(self.zone).utcoffset() for at in around}
        wall = _wall(after, self.zone)
        return wall if len(offsets) == 1 else wall - LONGEST_REPEAT


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _walls(sim: CronSim, after: datetime) -> Iterator[datetime]:
    """Yield the times on the wall after `after`, up to the end of the calendar."""
    walls = copy(sim)  # reading the expression anew would cost ten times as much
    walls.dt = after.replace(microsecond=0)
    try:
        yield from walls
    except OverflowError:
        return


def _fields(expression: str) -> str:
    return NICKNAMES.get(expression.strip().lower(), expression)


@lru_cache(maxsize=1024)
def _read(expression: str) -> CronSim:
    """Return the expression as cronsim reads it; raises Invalid."""
    if len(expression) > LONGEST_EXPRESSION or len(_fields(expression).split()) != 5:
        raise Invalid(
            "“{expression}” is not a cron expression: give five fields, minute, hour, day of "
            "the month, month and day of the week, such as 0 9 * * 1-5.",
            field="cron",
            expression=expression[:LONGEST_EXPRESSION],
        )
    start = datetime(2026, 1, 1)  # noqa: DTZ001 (a time on the wall)
    try:
        sim = CronSim(_fields(expression), start)
        next(copy(sim))
    except CronSimError as error:
        template = UNREADABLE.get(str(error), NOT_CRON)
        if any(_goes_backwards(*ends) for ends in RANGE.findall(expression)):
            template = BACKWARDS
        raise Invalid(template, field="cron", expression=expression) from error
    except StopIteration:
        raise Invalid(
            "“{expression}” names a day that never comes.", field="cron", expression=expression
        ) from None
    return sim


def _goes_backwards(first: str, last: str) -> bool:
    if first.isdecimal() and last.isdecimal():
        return int(first) > int(last)
    ends = first.lower(), last.lower()
    return any(
        set(ends) <= set(names) and names.index(ends[0]) > names.index(ends[1]) for names in NAMES
    )
