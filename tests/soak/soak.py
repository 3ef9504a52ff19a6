"""The soak from its first process to its verdict."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from tasks.clock import utcnow
from tasks.db import engine, reading
from tasks.models import Attempt, Run, RunState, SchedulerMark, Worker
from tests.soak.clicks import Clicks
from tests.soak.parts import SLOTS, WORKERS, Part, all_parts
from tests.soak.plan import LEAD, Plan, make_schedules, make_tasks
from tests.soak.trouble import Trouble, write_down
from tests.soak.verdict import read_effects, violations
from tests.soak.watch import Watch
from tests.support.stack import START_SECONDS
from tests.support.valkey import Valkey
from tests.support.waiting import wait_until

SETTINGS: Mapping[str, str] = {
    "ORCHESTRATOR_LEASE_SECONDS": "3",
    "ORCHESTRATOR_TICK_SECONDS": "0.3",
    "ORCHESTRATOR_REPUBLISH_SECONDS": "1",
    "ORCHESTRATOR_SECRET_KEY": "a key for the soak only",
}
"""Settings that make the engine's waits short; the lease is long enough for a loaded machine."""

POLL_SECONDS = 0.05
STOP_SECONDS = 40
DRAIN_SECONDS = 60
"""How long what is left may take once nothing is promised or killed any more."""
LONGEST_QUEUE = 2 * 4 * SLOTS * (WORKERS + 1)
"""Messages: twice the window of all slots, those of a worker just killed among them."""
MOST_MEMORY = 16_000_000
MOST_DESCRIPTORS = 12
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Summary:
    """How a soak went; `violations` is empty where everything held."""

    database: str
    seed: int
    runs: int
    seconds: float
    drained_in: float
    states: dict[str, int]
    attempts: int
    attempts_lost: int
    faults: dict[str, int]
    longest_queue: int
    memory_grown: int
    descriptors_grown: int
    violations: list[str]


def soak(plan: Plan, folder: Path, broker: Valkey) -> Summary:
    """Promise everything under fire, let the rest end in peace, and judge.

    The settings name the database, which is migrated and empty, and the broker, which runs.
    """
    began = time.monotonic()
    effects = folder / "effects"
    tasks = make_tasks(plan, effects)
    parts = all_parts(folder)
    watch = Watch(parts)
    try:
        _start(parts)
        starts_at = make_schedules(plan, tasks, now=utcnow())
        clicks, trouble = Clicks(plan, tasks), Trouble(parts, broker, seed=plan.seed)
        _under_fire(plan, clicks, trouble, watch)
        answers = clicks.answers()
        drained_in = _drain(plan, watch)
        found = list(_badly_ended(parts))
    finally:
        for part in parts:
            part.kill()
    write_down(trouble.faults, folder / "faults.txt")
    watch.write_down(folder / "held.txt")
    found += _held_too_much(watch)
    with reading() as session:
        found += violations(
            session,
            plan,
            starts_at=starts_at,
            answers=answers,
            effects=read_effects(effects),
            faults=trouble.faults,
        )
    return _summary(plan, trouble, watch, found, drained_in, time.monotonic() - began)


def _start(parts: Sequence[Part]) -> None:
    for part in parts:
        part.start()
    wait_until(_all_there, "the workers and a beat are there", seconds=START_SECONDS)


def _all_there() -> bool:
    with reading() as session:
        workers = session.scalar(select(func.count()).select_from(Worker))
        ticked = session.scalar(select(SchedulerMark.id).where(SchedulerMark.name == "tick"))
    return workers == WORKERS and ticked is not None


def _under_fire(plan: Plan, clicks: Clicks, trouble: Trouble, watch: Watch) -> None:
    until = time.monotonic() + plan.seconds + LEAD.total_seconds()
    while time.monotonic() < until:
        clicks.submit_due()
        trouble.stir()
        _tend(watch)
    clicks.submit_due()
    trouble.calm()


def _tend(watch: Watch) -> None:
    """Start again what has ended, look, and wait a moment."""
    for part in watch.parts:
        part.revive()
    watch.look()
    time.sleep(POLL_SECONDS)


def _drain(plan: Plan, watch: Watch) -> float:
    """Wait until all that was promised has ended; return the seconds that it took."""
    began = time.monotonic()
    while _ended() < plan.runs and time.monotonic() - began < DRAIN_SECONDS + plan.seconds:
        _tend(watch)
    return time.monotonic() - began


def _ended() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Run.finished_at.is_not(None))) or 0


def _all_listen(parts: Sequence[Part]) -> bool:
    """Whether each part hears us; one that the last fault killed is started again."""
    for part in parts:
        part.revive()
    return all(part.listens() for part in parts)


def _badly_ended(parts: Sequence[Part]) -> Iterator[str]:
    """Stop the parts as an operator does; tell what ended by itself, or not when it was asked."""
    wait_until(lambda: _all_listen(parts), "all of them listen", seconds=START_SECONDS)
    for part in parts:
        if not part.stop(seconds=STOP_SECONDS):
            yield f"{part.name} did not end well when it was asked to"
        if part.deaths:
            yield f"{part.name} ended by itself, with the exit codes {part.deaths}"


def _held_too_much(watch: Watch) -> Iterator[str]:
    if watch.longest_queue > LONGEST_QUEUE:
        yield f"{watch.longest_queue} messages lay in the broker at once"
    grown = watch.growth()
    if grown.memory > MOST_MEMORY:
        yield f"a process grew by {grown.memory} bytes"
    if grown.descriptors > MOST_DESCRIPTORS:
        yield f"a process opened {grown.descriptors} descriptors more"


def _summary(
    plan: Plan, trouble: Trouble, watch: Watch, found: list[str], drained_in: float, seconds: float
) -> Summary:
    grown = watch.growth()
    with reading() as session:
        states = session.execute(select(Run.state, func.count()).group_by(Run.state)).all()
        attempts = session.scalars(select(Attempt.state)).all()
    return Summary(
        database=engine().dialect.name,
        seed=plan.seed,
        runs=plan.runs,
        seconds=round(seconds, 1),
        drained_in=round(drained_in, 1),
        states={str(state): number for state, number in states},
        attempts=len(attempts),
        attempts_lost=attempts.count(RunState.LOST),
        faults=dict(Counter(str(fault.kind) for fault in trouble.faults)),
        longest_queue=watch.longest_queue,
        memory_grown=grown.memory,
        descriptors_grown=grown.descriptors,
        violations=found
        if len(found) <= MOST_TOLD
        else [*found[:MOST_TOLD], f"{len(found)} in all"],
    )
