"""Days and instants are counted as HANA counts them."""

from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from tests.hana_server import calendar


def test_the_first_day_is_one_and_no_day_is_missing_in_october_1582() -> None:
    assert calendar.day_number(date(1, 1, 1)) == 1
    assert calendar.day_number(date(1582, 10, 15)) == calendar.day_number(date(1582, 10, 4)) + 1


def test_midnight_of_the_first_day_is_the_first_instant() -> None:
    assert calendar.ticks(datetime(1, 1, 1)) == 1
    assert calendar.seconds_of(time(0, 0)) == 1


@given(st.dates().filter(lambda day: not date(1582, 10, 5) <= day < calendar.GREGORIAN))
def test_every_day_comes_back(day: date) -> None:
    assert calendar.day_of(calendar.day_number(day)) == day


@given(st.datetimes().filter(lambda d: not date(1582, 10, 5) <= d.date() < calendar.GREGORIAN))
def test_every_instant_comes_back_and_the_two_ways_to_count_agree(moment: datetime) -> None:
    since_1970 = moment - datetime(1970, 1, 1)
    microseconds = (since_1970.days * 86_400 + since_1970.seconds) * 1_000_000
    number = calendar.ticks_of_epoch(microseconds + since_1970.microseconds)

    assert calendar.moment_of(number) == moment
    assert number == calendar.ticks(moment)


@given(st.times().map(lambda moment: moment.replace(microsecond=0)))
def test_every_time_of_day_comes_back(moment: time) -> None:
    assert calendar.time_of(calendar.seconds_of(moment)) == moment
