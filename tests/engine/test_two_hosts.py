"""Two hosts over one PostgreSQL and one Valkey: they share the work, and stand in for each other.

What a host is here, and why it is no name space of the kernel, is told in `tests.support.hosts`.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tasks.db import make_engine, reading
from tasks.models import (
    Attempt,
    Run,
    RunEvent,
    RunState,
    Schedule,
)
from tasks.settings import settings
from tests.support.clicking import click
from tests.support.factories import a_probe
from tests.support.firing import a_firing_schedule, instants, switch_off
from tests.support.hosts import Host, a_host
from tests.support.probe import steps
from tests.support.stack import QUICK, the_run, wait_for_end
from tests.support.valkey import Valkey
from tests.support.waiting import wait_until

Fault = Callable[[Host], None]


@pytest.fixture
def broker(postgres_database: str, own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch) -> Valkey:
    """The broker of both hosts, and quick settings for everybody."""
    for name, value in QUICK.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    own_valkey.start()
    return own_valkey


@pytest.fixture
def east(tmp_path: Path, postgres_database: str, broker: Valkey) -> Iterator[Host]:
    with a_host("east", tmp_path, database=postgres_database, broker=broker) as host:
        yield host


@pytest.fixture
def west(tmp_path: Path, postgres_database: str, broker: Valkey) -> Iterator[Host]:
    with a_host("west", tmp_path, database=postgres_database, broker=broker) as host:
        yield host


def switched_off(schedule: Schedule) -> list[Run]:
    """Switch the schedule off; return its runs in the order of their instants."""
    switch_off(schedule)
    return instants(schedule)


def assert_each_instant_once(runs: list[Run], *, skipped: frozenset[str] = frozenset()) -> None:
    apart = {after.scheduled_for - before.scheduled_for for before, after in pairwise(runs)}
    assert apart == {timedelta(seconds=1)}
    codes = {run.reason_code for run in runs if run.state is RunState.SKIPPED}
    assert codes <= {"edited", *skipped}  # edited: switched off just when it was due


def hosts_of(*run_ids: int) -> list[str]:
    """Return on which hosts the attempts of these runs were made, in their order."""
    with reading() as session:
        of_them = select(Attempt.worker).where(Attempt.run_id.in_(run_ids))
        workers = session.scalars(of_them.order_by(Attempt.run_id, Attempt.number))
        return [re.split("[@:]", worker)[1] for worker in workers]


def final_events(run_id: int) -> int:
    final = [state for state in RunState if state.is_final]
    with reading() as session:
        ends = select(func.count()).where(RunEvent.run_id == run_id, RunEvent.state.in_(final))
        return session.scalar(ends) or 0


def test_two_hosts_share_the_work_and_fire_each_instant_once(east: Host, west: Host) -> None:
    for host in (east, west):
        host.beat()
        host.worker()
    schedule = a_firing_schedule(a_probe("often", artifact=False))
    clicks = [
        click(a_probe(f"short-{n}", act="sleep", seconds=1, artifact=False)) for n in range(12)
    ]
    wait_until(lambda: len(instants(schedule)) >= 6, "six instants were fired")
    runs = switched_off(schedule)
    assert_each_instant_once(runs)
    fired = [run for run in runs if run.state is not RunState.SKIPPED]
    ended = [wait_for_end(run.id) for run in (*clicks, *fired)]
    assert {(run.state, run.attempt) for run in ended} == {(RunState.SUCCEEDED, 1)}
    assert set(hosts_of(*(run.id for run in clicks))) == {"east", "west"}


@pytest.mark.parametrize(
    ("strike", "heal"),
    [(Host.unplug, Host.plug_in), (Host.freeze, Host.thaw)],
    ids=["unplugged", "frozen"],
)
def test_a_host_that_is_cut_off_loses_its_run_to_the_other_and_comes_back_fenced(
    east: Host, west: Host, strike: Fault, heal: Fault
) -> None:
    west.beat()
    west.worker()
    schedule = a_firing_schedule(a_probe("often", artifact=False))
    run = click(a_probe("long", act="wait", attempts=1, artifact=False))
    wait_until(lambda: steps(west.home, run.id, "working"), "the run is at work on west")
    east.beat()
    east.worker()
    strike(west)
    ended = wait_for_end(run.id)
    assert (ended.state, ended.attempt) == (RunState.SUCCEEDED, 2)
    assert hosts_of(run.id) == ["west", "east"]
    heal(west)
    wait_until(lambda: steps(west.home, run.id, "stopped"), "west gives the run up")
    # what west had locked stays locked until the database drops its transaction: that is missed
    assert_each_instant_once(switched_off(schedule), skipped=frozenset({"missed"}))
    east.power_off()
    assert wait_for_end(click(a_probe("after", artifact=False)).id).state is RunState.SUCCEEDED
    assert steps(west.home, run.id, "effect") == []
    assert (the_run(run.id).attempt, final_events(run.id)) == (2, 1)


def test_an_unplugged_host_stops_its_run_before_the_other_begins_it(east: Host, west: Host) -> None:
    west.worker()
    run = click(a_probe("long", act="wait", attempts=1, artifact=False))
    wait_until(lambda: steps(west.home, run.id, "working"), "the run is at work on west")
    east.beat()
    east.worker()
    west.unplug()
    wait_until(lambda: steps(east.home, run.id, "start"), "the run begins on east")
    assert steps(west.home, run.id)[-1].phase == "stopped"
    assert wait_for_end(run.id).state is RunState.SUCCEEDED


def test_a_host_that_is_cut_off_in_the_middle_of_a_transaction_does_not_hold_up_the_others(
    east: Host, west: Host
) -> None:
    schedule = a_firing_schedule(a_probe("often", artifact=False))
    beat_of_west = make_engine(west.environment["ORCHESTRATOR_DATABASE_URL"]).connect()
    beat_of_west.execute(select(Schedule.id).with_for_update())
    west.unplug()
    try:
        east.beat()
        wait_until(lambda: len(instants(schedule)) >= 3, "three instants were fired")
    finally:
        west.plug_in()
        beat_of_west.invalidate()
