"""How much ran lately and how well, by the half-hour; read from one index alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tasks.clock import utcnow
from tasks.models import Run, RunState
from tasks.queries.failing import BAD, JUDGED, FailingTask, failing_tasks
from tasks.queries.remembered import remembered

SLOT = timedelta(minutes=30)
SLOTS = 48


@dataclass(frozen=True, slots=True)
class Slot:
    """Half an hour of the past."""

    starts_at: datetime
    succeeded: int
    bad: int
    other: int

    @property
    def total(self) -> int:
        return self.succeeded + self.bad + self.other


@dataclass(frozen=True, slots=True, eq=False)
class Activity:
    """The last 24 hours: `slots` from the oldest to the running one."""

    slots: Sequence[Slot]
    before: int
    """How many runs ended in the 24 hours before."""
    states: Mapping[RunState, int]
    failing: Sequence[FailingTask]

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def bad(self) -> int:
        return sum(self.states.get(state, 0) for state in BAD)

    @property
    def success_rate(self) -> float | None:
        """The share that succeeded among what succeeded or failed; None where nothing did."""
        judged = sum(self.states.get(state, 0) for state in JUDGED)
        return self.states.get(RunState.SUCCEEDED, 0) / judged if judged else None

    @property
    def change(self) -> float | None:
        """How much more ran than in the 24 hours before, as a share of it."""
        return (self.total - self.before) / self.before if self.before else None


@remembered(seconds=10)
def activity(session: Session) -> Activity:
    """Read what the last 24 hours were like; one range of the index (finished_at, state)."""
    now = utcnow()
    end = _slot_of(now) + 1
    counted = _by_slot(session, first=end - 2 * SLOTS)
    states: Counter[RunState] = Counter()
    for slot in range(end - SLOTS, end):
        states.update(counted.get(slot, {}))
    return Activity(
        slots=[_slot(slot, counted.get(slot, {})) for slot in range(end - SLOTS, end)],
        before=sum(
            sum(counted.get(slot, {}).values()) for slot in range(end - 2 * SLOTS, end - SLOTS)
        ),
        states=states,
        failing=failing_tasks(session),
    )


def _by_slot(session: Session, *, first: int) -> dict[int, dict[RunState, int]]:
    slot = _slot_number(Run.finished_at).label("slot")
    query = (
        select(slot, Run.state, func.count())
        .where(Run.finished_at >= _starts_at(first))
        .group_by("slot", Run.state)
    )
    counted: dict[int, dict[RunState, int]] = {}
    for number, state, count in session.execute(query):
        counted.setdefault(number, {})[state] = count
    return counted


def _slot(number: int, states: Mapping[RunState, int]) -> Slot:
    succeeded = states.get(RunState.SUCCEEDED, 0)
    bad = sum(states.get(state, 0) for state in BAD)
    return Slot(_starts_at(number), succeeded, bad, sum(states.values()) - succeeded - bad)


def _slot_of(instant: datetime) -> int:
    return int(instant.timestamp() // SLOT.total_seconds())


def _starts_at(number: int) -> datetime:
    return datetime.fromtimestamp(number * SLOT.total_seconds(), UTC)


class _slot_number(FunctionElement[int]):  # noqa: N801 (reads as the SQL function it is)
    """The number of the half-hour since 1970 in which an instant lies."""

    inherit_cache = True


@compiles(_slot_number, "sqlite")
def _sqlite_slot(element: _slot_number, compiler: SQLCompiler, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    return f"CAST(strftime('%s', {instant}) AS INTEGER) / 1800"


@compiles(_slot_number, "postgresql")
def _postgresql_slot(element: _slot_number, compiler: SQLCompiler, **options: Any) -> str:
    instant = compiler.process(element.clauses, **options)
    return f"CAST(floor(EXTRACT(EPOCH FROM {instant}) / 1800) AS BIGINT)"
