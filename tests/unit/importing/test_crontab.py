"""Celery's crontab and ours mean the same instants."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from celery.schedules import crontab
from cronsim import CronSim
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.errors import Invalid
from tasks.importing.crontab import DAYS, FIELDS, MONTHS, cron_of

EVERY = dict.fromkeys((name for name, _, _ in FIELDS), "*")


@pytest.mark.parametrize(
    ("crontab", "cron"),
    [
        ({}, "* * * * *"),
        ({"minute": "0", "hour": "*/4"}, "0 */4 * * *"),
        ({"minute": "0,15,30,45"}, "0,15,30,45 * * * *"),
        ({"minute": "0-59"}, "* * * * *"),
        ({"hour": "22-4"}, "* 0-4,22,23 * * *"),
        ({"hour": "8-18/2"}, "* 8,10,12,14,16,18 * * *"),
        ({"day_of_week": "fri-mon"}, "* * * * 0,1,5,6"),
        ({"day_of_week": "Monday,7"}, "* * * * 0,1"),
        ({"month_of_year": "january-mar"}, "* * * 1-3 *"),
        ({"minute": " 5 , 7 "}, "5,7 * * * *"),
        ({"day_of_month": "1-31", "day_of_week": "1"}, "* * * * 1"),
        ({"day_of_month": "*/2", "day_of_week": "1"}, "* * */2 * 1"),
        ({"minute": None}, "* * * * *"),
    ],
)
def test_each_way_to_write_it_becomes_five_fields(crontab: dict[str, object], cron: str) -> None:
    assert cron_of(EVERY | crontab) == cron


@pytest.mark.parametrize(
    "crontab",
    [
        {"minute": "60"},
        {"hour": "-1"},
        {"day_of_month": "0"},
        {"month_of_year": "smarch"},
        {"day_of_week": "8"},
        {"minute": "*/0"},
        {"minute": "1,,2"},
        {"minute": "1-2-3"},
        {"minute": "9" * 500},
        {"minute": ",".join(["1"] * 9), "day_of_month": "5", "day_of_week": "5"},
        {"minute": ",".join(str(one) for one in range(0, 60, 2)), "hour": "1,3,5,7,9,11,13,15,17",
         "day_of_month": "1,3,5,7,9,11,13,15,17,19"},
    ],
)  # fmt: skip
def test_what_cron_cannot_say_is_refused(crontab: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        cron_of(EVERY | crontab)


def parts(low: int, high: int, names: tuple[str, ...]) -> st.SearchStrategy[str]:
    numbers = st.integers(low, high).map(str)
    single = st.one_of(numbers, st.sampled_from(names)) if names else numbers
    ranges = st.tuples(single, single).map("-".join)
    steps = st.integers(1, high + 2).map(str)
    return st.one_of(
        single,
        ranges,
        st.tuples(ranges, steps).map("/".join),
        steps.map("*/{}".format),
    )


def fields(low: int, high: int, names: tuple[str, ...] = ()) -> st.SearchStrategy[str]:
    lists = st.lists(parts(low, high, names), min_size=1, max_size=3).map(",".join)
    return st.one_of(st.just("*"), lists)


CRONTABS = st.fixed_dictionaries(
    {
        "minute": fields(0, 59),
        "hour": fields(0, 23),
        "day_of_month": fields(1, 31),
        "month_of_year": fields(1, 12, MONTHS),
        "day_of_week": fields(0, 6, DAYS),
    }
)
NUMBERS = st.lists(st.integers(0, 2**20), min_size=3, max_size=3)
START = datetime(2024, 1, 1, tzinfo=UTC)
DAYS_LOOKED_AT = 4 * 366
REFUSED = ("It names days of the month and days of the week", "Its crontab is too long")


@settings(max_examples=300, derandomize=True, deadline=None)
@given(given_fields=CRONTABS, picks=st.lists(NUMBERS, min_size=20, max_size=20))
def test_celery_and_cron_agree_about_every_minute(
    given_fields: dict[str, str], picks: list[list[int]]
) -> None:
    expression = said(given_fields)
    if expression is None:
        return
    theirs = crontab(**given_fields)
    for at in islice(CronSim(expression, START), 20):
        assert is_meant(theirs, at), (expression, at)
    for day, hour, minute in picks:
        at = START + timedelta(days=day % DAYS_LOOKED_AT)
        at = at.replace(hour=one_of(theirs.hour, hour), minute=one_of(theirs.minute, minute))
        assert matches(expression, at) == is_meant(theirs, at), (expression, at)


def said(given_fields: dict[str, str]) -> str | None:
    try:
        return cron_of(given_fields)
    except Invalid as error:
        if not error.message.startswith(REFUSED):
            raise
        return None


def is_meant(theirs: Any, at: datetime) -> bool:
    return (
        at.minute in theirs.minute
        and at.hour in theirs.hour
        and at.day in theirs.day_of_month
        and at.month in theirs.month_of_year
        and at.isoweekday() % 7 in theirs.day_of_week
    )


def matches(expression: str, at: datetime) -> bool:
    return next(iter(CronSim(expression, at - timedelta(minutes=1))), None) == at


def one_of(numbers: set[int], pick: int) -> int:
    return sorted(numbers)[pick % len(numbers)]
