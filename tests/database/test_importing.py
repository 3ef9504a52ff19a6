"""The schedules of other schedulers for Celery, taken over from their own tables."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from tasks.db import reading, transaction
from tasks.errors import Invalid
from tasks.importing.importing import Fate, Import, Imported, import_schedules
from tasks.importing.tables import LAYOUTS, read_periodic
from tasks.models import Schedule, ScheduleKind, ScheduleOrigin
from tasks.scheduling.tick import fire_due
from tests.support.factories import a_task
from tests.support.foreign_schedules import Foreign

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DJANGO, CSS, SCB = LAYOUTS
NINE = {"minute": "0", "hour": "9", "day_of_week": "mon-fri", "timezone": "Europe/Istanbul"}


@pytest.fixture(params=[DJANGO, CSS])
def theirs(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[Foreign]:
    """The tables of a package beside ours, and the task that their Celery task stands for."""
    a_task()
    found = Foreign(request.param, database, tmp_path)
    yield found
    found.close()


@pytest.fixture
def django(database: str, tmp_path: Path) -> Iterator[Foreign]:
    a_task()
    found = Foreign(DJANGO, database, tmp_path)
    yield found
    found.close()


def take(theirs: Foreign, **slugs: str) -> list[Imported]:
    how = Import(theirs.package, slugs, ZoneInfo("UTC"), NOW)
    found = read_periodic(theirs.package, theirs.url)
    with transaction() as session:
        return import_schedules(session, found, how)


def taken(theirs: Foreign, **slugs: str) -> Schedule:
    (one,) = take(theirs, **slugs)
    assert one.fate is Fate.TAKEN, one.why
    assert one.schedule is not None
    return one.schedule


def refused(theirs: Foreign) -> str:
    (one,) = take(theirs)
    assert one.fate is Fate.NOT_TAKEN
    with reading() as session:
        assert session.scalars(select(Schedule)).all() == []
    return one.why


def test_a_crontab_becomes_a_cron_in_its_own_zone(theirs: Foreign) -> None:
    number = theirs.periodic("crontab", NINE, name="Daily sales", priority=2)
    schedule = taken(theirs)
    assert (schedule.kind, schedule.cron) == (ScheduleKind.CRON, "0 9 * * 1-5")
    assert (schedule.name, schedule.timezone) == ("Daily sales", "Europe/Istanbul")
    assert (schedule.priority, schedule.origin) == (7, ScheduleOrigin.PERSON)
    assert schedule.code_key == f"import:{theirs.package}:{number}"
    assert schedule.next_due_at == datetime(2026, 3, 17, 6, 0, tzinfo=UTC)


def test_an_interval_goes_on_counting_from_its_last_run(theirs: Foreign) -> None:
    last = NOW - timedelta(minutes=20)
    theirs.periodic("interval", {"every": 90, "period": "minutes"}, last_run_at=last)
    schedule = taken(theirs)
    assert (schedule.kind, schedule.interval_seconds) == (ScheduleKind.INTERVAL, 5_400)
    assert schedule.next_due_at == last + timedelta(minutes=90)


def test_an_event_of_the_sun_keeps_its_place(theirs: Foreign) -> None:
    place = {"event": "sunrise", "latitude": 41.0082, "longitude": 28.9784}
    theirs.periodic("solar", place)
    schedule = taken(theirs)
    assert (schedule.kind, schedule.solar_event) == (ScheduleKind.SOLAR, "sunrise")
    assert (schedule.latitude, schedule.longitude) == pytest.approx((41.0082, 28.9784))


def test_a_clock_becomes_once_and_is_refused_when_it_is_over(django: Foreign) -> None:
    django.periodic("clocked", {"clocked_time": NOW + DAY}, name="To come", one_off=True)
    django.periodic("clocked", {"clocked_time": NOW - DAY}, name="Over", one_off=True)
    coming, over = take(django)
    assert coming.schedule is not None
    assert (coming.schedule.kind, coming.schedule.once_at) == (ScheduleKind.ONCE, NOW + DAY)
    assert (over.fate, over.why) == (Fate.NOT_TAKEN, "Its time is over.")


def test_start_end_switch_and_named_arguments_are_kept(theirs: Foreign) -> None:
    a_task("with-day", parameters=[{"name": "day", "type": "date"}])
    theirs.periodic(
        "crontab",
        NINE,
        task="shop.with_day",
        kwargs='{"day": "today"}',
        start_time=NOW + DAY,
        expires=NOW + 9 * DAY,
        enabled=False,
    )
    schedule = taken(theirs)
    assert (schedule.starts_at, schedule.ends_at) == (NOW + DAY, NOW + 9 * DAY)
    assert (schedule.enabled, schedule.next_due_at) == (False, None)
    assert schedule.parameters == {"day": "today"}


def test_a_second_import_takes_nothing_twice(theirs: Foreign) -> None:
    theirs.periodic("crontab", NINE)
    first = taken(theirs)
    (again,) = take(theirs)
    assert again.fate is Fate.TAKEN_BEFORE
    assert again.why == f"it is schedule {first.id}"
    with reading() as session:
        assert len(session.scalars(select(Schedule)).all()) == 1


def test_nothing_fires_because_of_an_import(theirs: Foreign) -> None:
    long_ago = NOW - 300 * DAY
    theirs.periodic("crontab", {}, start_time=long_ago, last_run_at=long_ago, name="minutely")
    theirs.periodic("interval", {"every": 7, "period": "hours"}, last_run_at=long_ago, name="often")
    assert {one.fate for one in take(theirs)} == {Fate.TAKEN}
    assert fire_due(now=NOW) == 0


def test_the_other_tables_are_only_read(theirs: Foreign) -> None:
    theirs.periodic("crontab", NINE)
    before = theirs.rows()
    take(theirs)
    assert theirs.rows() == before


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"task": "celery.backend_cleanup"}, "There is no task “backend-cleanup”. Make it"),
        ({"args": "[7]"}, "arguments without names"),
        ({"args": "[7"}, "are not JSON"),
        ({"kwargs": "[7]"}, "are no object"),
        ({"kwargs": '{"day": "today"}'}, "There is no parameter “day”"),
        ({"kwargs": '{"day": [1, 2]}'}, "neither text nor a number"),
        ({"expires": NOW - DAY}, "It expired at 2026-03-15"),
        ({"one_off": True}, "one time only"),
        ({"crontab_id": 99}, "no schedule any more"),
        ({"crontab_id": None}, "no schedule any more"),
    ],
)
def test_what_cannot_be_taken_says_why(theirs: Foreign, values: dict[str, Any], why: str) -> None:
    row = {"name": "x", "task": "shop.a_report", "kwargs": "{}", "crontab_id": 1} | values
    theirs.periodic("crontab", NINE, name="first", task="nothing")
    theirs.insert_periodic(row)
    assert why in take(theirs)[1].why


@pytest.mark.parametrize(
    ("crontab", "why"),
    [
        ({"minute": "61"}, "minute “61” cannot be read"),
        ({"hour": "*/0"}, "hour “*/0” cannot be read"),
        ({"day_of_month": "1", "day_of_week": "mon"}, "where both agree"),
        ({"timezone": "Mars/Olympus"}, "is not a time zone"),
        ({"day_of_month": "30", "month_of_year": "2"}, "day of the month"),
    ],
)
def test_a_crontab_that_means_nothing_here_says_why(
    theirs: Foreign, crontab: dict[str, str], why: str
) -> None:
    theirs.periodic("crontab", crontab)
    assert why in refused(theirs)


@pytest.mark.parametrize(
    ("every", "period", "why"),
    [
        (10, "microseconds", "the shortest here is a second"),
        (0, "days", "between a second and a year"),
        (2**31 - 1, "days", "between a second and a year"),
    ],
)
def test_an_interval_that_is_no_length_of_ours_is_refused(
    theirs: Foreign, every: int, period: str, why: str
) -> None:
    theirs.periodic("interval", {"every": every, "period": period})
    assert why in refused(theirs)


def test_a_task_is_found_by_what_was_said_then_by_either_name(theirs: Foreign) -> None:
    a_task("chosen")
    a_task("monthly-close")
    theirs.periodic("crontab", NINE, name="said", task="shop.a_report.old")
    theirs.periodic("crontab", NINE, name="by the Celery task", task="shop.a_report")
    theirs.periodic("crontab", NINE, name="Monthly close", task="shop.run_report")
    found = take(theirs, **{"shop.a_report.old": "chosen"})
    assert [one.task for one in found] == ["chosen", "a-report", "monthly-close"]


def test_what_is_left_behind_is_noted(django: Foreign) -> None:
    django.periodic(
        "crontab", NINE, queue="slow", headers='{"a": 1}', expire_seconds=90, priority=200
    )
    (one,) = take(django)
    assert one.schedule is not None
    assert one.schedule.priority == 0
    assert [note.split()[1] for note in one.notes] == ["queue", "headers", "expired"]


def test_a_wrong_address_is_told(database: str, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'nothing.sqlite'}"
    for url, why in (
        (empty, "cannot be read"),
        ("nonsense", "no address"),
        ("oracle9://a/b", "no address"),
        (database, "There is no table"),
    ):
        with pytest.raises(Invalid, match=why):
            read_periodic(DJANGO, url)
    assert not (tmp_path / "nothing.sqlite").exists()


@pytest.fixture
def scb(database: str, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """The tables of sqlalchemy-celery-beat by its own models; saves a schedule with its task."""
    models = import_module("sqlalchemy_celery_beat.models")
    is_file = database.startswith("sqlite")
    url = f"sqlite:///{tmp_path / 'theirs.sqlite'}" if is_file else database
    schemas = {"schema_translate_map": {"celery_schema": None}} if is_file else {}
    engine = create_engine(url, execution_options=schemas)
    with engine.begin() as connection:
        if not is_file:
            connection.execute(text("CREATE SCHEMA celery_schema"))
        models.ModelBase.metadata.create_all(connection)

    def save(model: str, schedule: dict[str, Any], **values: Any) -> None:
        with Session(engine) as session:
            kind = getattr(models, model)(**schedule)
            session.add(kind)
            session.flush()
            session.add(models.PeriodicTask(schedule_model=kind, task="shop.a_report", **values))
            session.commit()

    save.url = url  # type: ignore[attr-defined]
    yield save
    engine.dispose()


def test_the_tables_of_its_successor_are_read_by_kind_and_number(
    scb: Callable[..., None],
) -> None:
    a_task()
    scb("CrontabSchedule", {"minute": "30", "hour": "22-4/2"}, name="cron", priority=0)
    scb("IntervalSchedule", {"every": 2, "period": "days"}, name="interval")
    scb("SolarSchedule", {"event": "sunset", "latitude": 41, "longitude": 29}, name="sun")
    scb("ClockedSchedule", {"clocked_time": NOW + DAY}, name="clock", one_off=True)
    found = read_periodic(SCB, scb.url)  # type: ignore[attr-defined]
    with transaction() as session:
        done = import_schedules(session, found, Import(SCB, {}, ZoneInfo("UTC"), NOW))
    cron, interval, sun, clock = (one.schedule for one in done)
    assert cron is not None
    assert interval is not None
    assert sun is not None
    assert clock is not None
    assert (cron.cron, cron.timezone, cron.priority) == ("30 0,2,4,22 * * *", "UTC", 9)
    assert interval.interval_seconds == 172_800
    assert sun.solar_event == "sunset"
    assert clock.once_at == NOW + DAY
