"""In the quiet hours of its source a run waits; it starts once they are over."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tasks.db import reading, transaction
from tasks.models import Run, RunState, Source
from tasks.models.source import is_quiet
from tasks.queries.queues import source_lines
from tasks.runs.holds import settle
from tasks.runs.perform import perform
from tests.support.factories import a_probe, a_run, a_source, a_task
from tests.support.rows import now

ISTANBUL = ZoneInfo("Europe/Istanbul")
NIGHT = (time(22), time(6))


@pytest.fixture
def clock(database: str) -> Iterator[time_machine.Traveller]:
    """A clock that stands at nine in the evening in Istanbul until it is moved."""
    with time_machine.travel(datetime(2026, 3, 16, 18, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def source(database: str) -> Source:
    """A source that is not to be read from ten at night to six in the morning."""
    found = a_source("missing.duckdb")
    with transaction() as session:
        kept = session.get_one(Source, found.id)
        kept.quiet_from, kept.quiet_to = NIGHT
    return found


def at(clock: time_machine.Traveller, hour: int) -> None:
    """Set the clock to an hour of Istanbul's."""
    clock.move_to(datetime(2026, 3, 17, hour, tzinfo=ISTANBUL))


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


def test_a_run_that_is_claimed_in_quiet_hours_waits_until_they_are_over(
    source: Source, clock: time_machine.Traveller
) -> None:
    run, other = a_run(source="demo"), a_run(a_task("second"), source="demo")
    at(clock, 23)
    perform(run.id, worker="worker:1")
    assert (now(run).state, now(run).reason_code) == (RunState.QUEUED, "quiet_hours")
    assert now(run).attempt == 0
    assert "quiet hours" in now(run).reason
    assert now(other).reason_code == "quiet_hours"  # one is enough to know it of all
    assert settle() == 0
    with reading() as session:
        assert source_lines(session)[0].held == 2
    at(clock, 6)
    assert settle() == 2
    assert now(run).reason_code is None
    perform(run.id, worker="worker:1")
    assert now(run).attempt == 1


def test_quiet_hours_that_are_taken_away_release_what_waited(
    source: Source, clock: time_machine.Traveller
) -> None:
    run = a_run(source="demo")
    at(clock, 23)
    perform(run.id, worker="worker:1")
    with transaction() as session:
        kept = session.get_one(Source, source.id)
        kept.quiet_from = kept.quiet_to = None
    assert settle() == 1
    assert now(run).reason_code is None


def test_before_the_quiet_hours_and_without_the_source_nothing_waits(
    source: Source, clock: time_machine.Traveller
) -> None:
    run: Run = a_run(source="demo")
    perform(run.id, worker="worker:1")
    assert now(run).attempt == 1
    at(clock, 23)
    other = a_run(a_probe())
    perform(other.id, worker="worker:1")
    assert now(other).attempt == 1
