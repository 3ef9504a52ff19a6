"""In the quiet hours of its source a run waits; it starts once they are over."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import db_now, reading, transaction
from tasks.models import RunState, Source
from tasks.models.source import is_quiet
from tasks.queries.queues import source_lines
from tasks.runs.holds import settle
from tasks.runs.perform import perform
from tests.support.factories import a_probe, a_run, a_source, a_task
from tests.support.rows import now

ISTANBUL = ZoneInfo("Europe/Istanbul")
NIGHT = (time(22), time(6))


@pytest.fixture
def source(database: str) -> Source:
    """A source that has quiet hours now, by the database's clock, for an hour to come."""
    found = a_source("missing.duckdb")
    set_hours(found, since=-1, to=1)
    return found


def set_hours(source: Source, *, since: int, to: int) -> None:
    """Let the quiet hours begin and end so many hours from now."""
    with transaction() as session:
        here = session.scalars(select(db_now())).one().astimezone(ISTANBUL)
        kept = session.get_one(Source, source.id)
        kept.quiet_from, kept.quiet_to = (
            (here + timedelta(hours=hours)).time() for hours in (since, to)
        )


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [(NIGHT, {22, 23, 0, 5}), ((time(9), time(12)), {9, 10, 11}), ((None, None), set())],
)
def test_quiet_hours_begin_and_end_on_the_minute_and_may_pass_midnight(
    hours: tuple[time | None, time | None], quiet: set[int]
) -> None:
    found = {
        hour
        for hour in range(24)
        if is_quiet(*hours, now=datetime(2026, 3, 16, hour, tzinfo=ISTANBUL), zone=ISTANBUL)
    }
    assert quiet <= found
    assert {6, 8, 12, 21}.isdisjoint(found)


def test_a_run_that_is_claimed_in_quiet_hours_waits_until_they_are_over(source: Source) -> None:
    run, other = a_run(source="demo"), a_run(a_task("second"), source="demo")
    perform(run.id, worker="worker:1")
    assert (now(run).state, now(run).reason_code) == (RunState.QUEUED, "quiet_hours")
    assert now(run).attempt == 0
    assert "quiet hours" in now(run).reason
    assert now(other).reason_code == "quiet_hours"  # one is enough to know it of all
    assert settle() == 0
    with reading() as session:
        assert source_lines(session)[0].held == 2
    set_hours(source, since=-2, to=-1)
    assert settle() == 2
    assert now(run).reason_code is None
    perform(run.id, worker="worker:1")
    assert now(run).attempt == 1


@pytest.mark.parametrize("ahead", [timedelta(hours=6), timedelta(hours=-6)])
def test_a_machine_whose_clock_is_wrong_neither_breaks_quiet_hours_nor_makes_any(
    source: Source, ahead: timedelta
) -> None:
    run, other = a_run(source="demo"), a_run(a_task("second"), source="demo")
    with time_machine.travel(utcnow() + ahead):
        perform(run.id, worker="worker:1")
        assert now(run).reason_code == "quiet_hours"
        assert settle() == 0
        hours = int(ahead / timedelta(hours=1))
        set_hours(source, since=hours - 1, to=hours + 1)
        assert settle() == 2
        perform(other.id, worker="worker:1")
    assert now(other).attempt == 1


def test_quiet_hours_that_are_taken_away_release_what_waited(source: Source) -> None:
    run = a_run(source="demo")
    perform(run.id, worker="worker:1")
    with transaction() as session:
        kept = session.get_one(Source, source.id)
        kept.quiet_from = kept.quiet_to = None
    assert settle() == 1
    assert now(run).reason_code is None


def test_before_the_quiet_hours_and_without_the_source_nothing_waits(source: Source) -> None:
    other = a_run(a_probe())
    perform(other.id, worker="worker:1")
    assert now(other).attempt == 1
    set_hours(source, since=1, to=2)
    run = a_run(source="demo")
    perform(run.id, worker="worker:1")
    assert now(run).attempt == 1
