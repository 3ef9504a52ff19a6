"""The list of runs, one page of it by key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tasks.models import Delivery, DeliveryState, Run, RunState, TaskDefinition, Trigger
from tasks.queries.paging import Page
from tasks.queries.run_filter import RunFilter
from tasks.queries.run_scope import CONDITIONS, Scope, scope_of

PAGE = 25
LONGEST_WHY = 300
"""Characters of the reason that a list shows; the run's own page has all of it."""
BAD_DELIVERIES = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as the lists show it."""

    id: int
    state: RunState
    task_id: int
    slug: str
    title: str
    trigger: Trigger
    triggered_by: str
    queued_at: datetime
    due_at: datetime
    queue: str
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int
    rows: int | None
    reason: str
    error_kind: str | None
    error: str | None
    reason_code: str | None
    next_attempt_at: datetime | None
    progress_done: int | None
    progress_total: int | None
    progress_text: str
    instants: int
    covers_until: datetime | None
    late_at: datetime | None
    """When it was found not to be delivered in time."""
    bad_deliveries: int

    @property
    def length(self) -> timedelta | None:
        """How long its last attempt took; None before it began or while it runs."""
        if self.started_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.started_at

    @property
    def why(self) -> str:
        """The sentence that says why it is as it is, or nothing."""
        return why_of(self)


LINE = (
    select(
        Run.id,
        Run.state,
        Run.task_definition_id,
        TaskDefinition.slug,
        TaskDefinition.title,
        Run.trigger,
        Run.triggered_by,
        Run.queued_at,
        Run.due_at,
        Run.queue,
        Run.started_at,
        Run.finished_at,
        Run.attempt,
        Run.rows,
        func.substr(Run.reason, 1, LONGEST_WHY),
        Run.error_kind,
        func.substr(Run.error, 1, LONGEST_WHY),
        Run.reason_code,
        Run.next_attempt_at,
        Run.progress_done,
        Run.progress_total,
        Run.progress_text,
        Run.instants,
        Run.covers_until,
        Run.late_at,
        select(func.count())
        .where(Delivery.run_id == Run.id, Delivery.state.in_(BAD_DELIVERIES))
        .correlate(Run)
        .scalar_subquery(),
    )
    .join(TaskDefinition, TaskDefinition.id == Run.task_definition_id)
    .order_by(Run.id.desc())
)
"""The columns of a `RunLine`, in its order."""


def run_page(session: Session, wanted: RunFilter, *, now: datetime) -> Page[RunLine]:
    """Read one page of the runs that fit; a page of newer ones that is not full is the first."""
    scope = scope_of(session, wanted, now=now)
    if scope is None:
        return Page([], has_newer=False, has_older=False)
    if wanted.after is not None:
        lines = _read(session, scope, {"after": wanted.after}, forward=False)
        if len(lines) >= PAGE:
            return Page(lines[-PAGE:], has_newer=len(lines) > PAGE, has_older=True)
        wanted = wanted.but()
    cursor = {} if wanted.before is None else {"before": wanted.before}
    lines = _read(session, scope, cursor, forward=True)
    return Page(lines[:PAGE], has_newer=wanted.before is not None, has_older=len(lines) > PAGE)


def run_lines(session: Session, ids: Sequence[int]) -> list[RunLine]:
    """Read these runs as lines, the newest first."""
    return lines_of(session.execute(LINE.where(Run.id.in_(ids))))


def why_of(run: Run | RunLine) -> str:
    """Return the sentence that says why the run is as it is.

    The error of an attempt before stands back where the run goes on or waits for something else.
    """
    if run.state.is_final or run.reason_code == "retry":
        return run.error or run.reason
    return run.reason


def lines_of(rows: Iterable[Sequence[Any]]) -> list[RunLine]:
    """Make lines of what a select with the columns of `LINE` returned."""
    return [RunLine(*row) for row in rows]


def _read(
    session: Session, scope: Scope, cursor: Mapping[str, int], *, forward: bool
) -> list[RunLine]:
    """Read a page and one more line; of several branches the ids first, then their lines."""
    bounds = {**cursor, **({"first": scope.first_id} if scope.first_id else {})}
    branches = [branch | bounds for branch in scope.branches()]
    if len(branches) == 1:
        query = _page_of(tuple(branches[0]), forward=forward)
        lines = lines_of(session.execute(query, branches[0]))
        return lines if forward else lines[::-1]
    ids: set[int] = set()
    for branch in branches:
        ids.update(session.scalars(_ids_of(tuple(branch), forward=forward), branch))
    chosen = sorted(ids, reverse=forward)[: PAGE + 1]
    return run_lines(session, chosen)


@lru_cache
def _page_of(names: tuple[str, ...], *, forward: bool) -> Select[*tuple[Any, ...]]:
    """Make the select of a page once for each set of conditions, since making it takes longer
    than reading it."""
    order = Run.id.desc() if forward else Run.id
    conditions = [CONDITIONS[name] for name in names]
    return LINE.where(*conditions).order_by(None).order_by(order).limit(PAGE + 1)


@lru_cache
def _ids_of(names: tuple[str, ...], *, forward: bool) -> Select[int]:
    order = Run.id.desc() if forward else Run.id
    conditions = [CONDITIONS[name] for name in names]
    return select(Run.id).where(*conditions).order_by(order).limit(PAGE + 1)
