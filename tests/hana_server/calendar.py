"""Days and instants as HANA counts them: from 0001-01-01, by the Julian calendar up to 1582.

Only labels count: 1500-02-28 is that day of the calendar that was in use then.
"""

from datetime import date, datetime, time, timedelta

GREGORIAN = date(1582, 10, 15)
SHIFT = 2
"""Days by which the Julian calendar was ahead on the first of January of the year 1."""
DAY_TICKS = 864_000_000_000
"""An instant counts in steps of 100 ns."""
MICROSECOND_TICKS = 10
_JULIAN_CYCLE = 1461
_DAY_MICROSECONDS = 86_400_000_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_FIRST_EPOCH = (1 - _EPOCH_DAY) * _DAY_MICROSECONDS
_GREGORIAN_EPOCH = (GREGORIAN.toordinal() - _EPOCH_DAY) * _DAY_MICROSECONDS


def day_number(day: date) -> int:
    """The number of a day; 0001-01-01 is 1."""
    return day.toordinal() + SHIFT if day >= GREGORIAN else _julian(day.year, day.month, day.day)


def day_of(number: int) -> date:
    """The day of a number."""
    if number >= GREGORIAN.toordinal() + SHIFT:
        return date.fromordinal(number - SHIFT)
    return _from_julian(number)


def ticks(moment: datetime) -> int:
    """The number of an instant; midnight of 0001-01-01 is 1."""
    within = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return (
        (day_number(moment.date()) - 1) * DAY_TICKS
        + (within * 1_000_000 + moment.microsecond) * MICROSECOND_TICKS
        + 1
    )


def ticks_of_epoch(microseconds: int) -> int:
    """The number of an instant that is told in microseconds since 1970."""
    if microseconds >= _GREGORIAN_EPOCH:
        return (microseconds - _FIRST_EPOCH) * MICROSECOND_TICKS + SHIFT * DAY_TICKS + 1
    return ticks(datetime(1970, 1, 1) + timedelta(microseconds=microseconds))


def moment_of(number: int) -> datetime:
    """The instant of a number, to the microsecond."""
    days, rest = divmod(number - 1, DAY_TICKS)
    seconds, microsecond = divmod(rest // MICROSECOND_TICKS, 1_000_000)
    return datetime.combine(day_of(days + 1), time_of(seconds + 1).replace(microsecond=microsecond))


def seconds_of(moment: time) -> int:
    """The number of a time of day; midnight is 1."""
    return (moment.hour * 60 + moment.minute) * 60 + moment.second + 1


def time_of(number: int) -> time:
    """The time of day of a number."""
    minutes, second = divmod(number - 1, 60)
    return time(*divmod(minutes, 60), second)


def _julian(year: int, month: int, day: int) -> int:
    past = year - 1
    leap = year % 4 == 0
    months = sum(_lengths(leap)[: month - 1])
    return past * 365 + past // 4 + months + day


def _from_julian(number: int) -> date:
    cycles, rest = divmod(number - 1, _JULIAN_CYCLE)
    years = min(rest // 365, 3)
    year, rest = cycles * 4 + years + 1, rest - years * 365
    for month, length in enumerate(_lengths(year % 4 == 0), start=1):
        if rest < length:
            return date(year, month, rest + 1)
        rest -= length
    raise ValueError(number)


def _lengths(leap: bool) -> tuple[int, ...]:
    return (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
