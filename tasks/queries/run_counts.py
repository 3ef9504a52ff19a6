"""How many runs there are in each state: never more than the screen says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from tasks.models import Run, RunState
from tasks.queries.remembered import Memories
from tasks.queries.run_filter import RunFilter
from tasks.queries.run_scope import Scope, scope_of

MOST = 1000
"""Counting stops here; the screen says 999+."""


@dataclass(frozen=True, slots=True, eq=False)
class StateCounts:
    """The number of runs by state, each at most `MOST`; None where counting would read too much."""

    by_state: Mapping[RunState, int] | None

    def of(self, state: RunState | None) -> int | None:
        """Return the number of this state, or of all."""
        if self.by_state is None:
            return None
        return sum(self.by_state.values()) if state is None else self.by_state[state]


def state_counts(
    session: Session, wanted: RunFilter, *, version: int, now: datetime
) -> StateCounts:
    """Count the runs that fit by state, through indexes alone; the same object while none changed.

    The filter's own state and page do not matter: the numbers stand beside every state.
    """
    anywhere = wanted.but(state=None)
    memory = _memories.of(session)
    counts = memory.find(anywhere, version)
    if counts is None:
        old, counts = memory.last(anywhere), _count(session, anywhere, now)
        counts = old if old is not None and old.by_state == counts.by_state else counts
        memory.keep(anywhere, version, counts)
    return counts


def _count(session: Session, wanted: RunFilter, now: datetime) -> StateCounts:
    if wanted.trigger is not None and (wanted.task or wanted.q):
        return StateCounts(None)  # no index has both, and reading a task's history is too much
    scope = scope_of(session, wanted, now=now)
    if scope is None:
        return StateCounts(dict.fromkeys(RunState, 0))
    numbers = session.execute(select(*(_counted(scope, state) for state in RunState))).one()
    return StateCounts(dict(zip(RunState, numbers, strict=True)))


def _counted(scope: Scope, state: RunState) -> ColumnElement[int]:
    conditions = [Run.state == state, *([Run.id >= scope.first_id] if scope.first_id else [])]
    if scope.trigger is not None:
        conditions.append(Run.trigger == scope.trigger)
    if scope.tasks is None:
        return _capped(conditions)
    number = _capped([Run.task_definition_id.in_(scope.tasks), *conditions])
    if scope.run_id is not None:
        other = [Run.id == scope.run_id, Run.task_definition_id.not_in(scope.tasks)]
        number = number + _capped([*other, *conditions])
    return number


def _capped(conditions: list[ColumnElement[bool]]) -> ColumnElement[int]:
    found = select(Run.id).where(*conditions).limit(MOST).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


_memories: Memories[StateCounts] = Memories()
