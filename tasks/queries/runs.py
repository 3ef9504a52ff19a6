"""The list of runs: what it shows, and one page of it by key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from tasks.folding import fold
from tasks.models import Delivery, DeliveryState, Run, RunState, TaskDefinition, Trigger

PAGE = 25
MOST_TASKS = 40
"""A search that finds more tasks than this reads the runs in order instead of task by task."""

PERIODS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
LONGEST_WHY = 300
"""Characters of the reason that a list shows; the run's own page has all of it."""
BAD_DELIVERIES = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)


@dataclass(frozen=True, slots=True)
class RunFilter:
    """What the list shows. Empty means all; what is not known in a query string counts as empty."""

    state: RunState | None = None
    task: str = ""
    trigger: Trigger | None = None
    q: str = ""
    period: str = ""
    before: int | None = None
    after: int | None = None

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Read the filter from a query string."""
        state, trigger = args.get("state", ""), args.get("trigger", "")
        return cls(
            state=RunState(state) if state in set(RunState) else None,
            task=args.get("task", "").strip(),
            trigger=Trigger(trigger) if trigger in set(Trigger) else None,
            q=args.get("q", "").strip()[:120],
            period=args.get("period", "") if args.get("period", "") in PERIODS else "",
            before=_id(args.get("before", "")),
            after=_id(args.get("after", "")),
        )

    def args(self) -> dict[str, str]:
        """Return the filter as a query string's arguments, without what is empty."""
        named = {
            "state": self.state,
            "task": self.task,
            "trigger": self.trigger,
            "q": self.q,
            "period": self.period,
            "before": self.before,
            "after": self.after,
        }
        return {name: str(value) for name, value in named.items() if value}

    def but(self, **changes: Any) -> Self:
        """Return this filter with these changes, at its first page."""
        return replace(self, **({"before": None, "after": None} | changes))

    @property
    def is_narrow(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.state or self.task or self.trigger or self.q or self.period)

    @property
    def is_first_page(self) -> bool:
        return self.before is None and self.after is None


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
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int
    rows: int | None
    reason: str
    error_kind: str | None
    error: str | None
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
        return self.error or self.reason


@dataclass(frozen=True, slots=True)
class RunPage:
    """A page of the list, the newest first."""

    lines: Sequence[RunLine]
    has_newer: bool
    has_older: bool

    @property
    def is_open(self) -> bool:
        """Whether some run of it is not over."""
        return any(not line.state.is_final for line in self.lines)

    @property
    def newest(self) -> int:
        return self.lines[0].id if self.lines else 0

    @property
    def oldest(self) -> int:
        return self.lines[-1].id if self.lines else 0


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
        Run.started_at,
        Run.finished_at,
        Run.attempt,
        Run.rows,
        func.substr(Run.reason, 1, LONGEST_WHY),
        Run.error_kind,
        func.substr(Run.error, 1, LONGEST_WHY),
        select(func.count())
        .where(Delivery.run_id == Run.id, Delivery.state.in_(BAD_DELIVERIES))
        .correlate(Run)
        .scalar_subquery(),
    )
    .join(TaskDefinition, TaskDefinition.id == Run.task_definition_id)
    .order_by(Run.id.desc())
)
"""The columns of a `RunLine`, in its order."""


def run_page(session: Session, wanted: RunFilter, *, now: datetime) -> RunPage:
    """Read one page of the runs that fit; a page of newer ones that is not full is the first."""
    scope = scope_of(session, wanted, now=now)
    if scope is None:
        return RunPage([], has_newer=False, has_older=False)
    if wanted.after is not None:
        lines = _read(session, scope, {"after": wanted.after}, forward=False)
        if len(lines) >= PAGE:
            return RunPage(lines[-PAGE:], has_newer=len(lines) > PAGE, has_older=True)
        wanted = wanted.but()
    cursor = {} if wanted.before is None else {"before": wanted.before}
    lines = _read(session, scope, cursor, forward=True)
    return RunPage(lines[:PAGE], has_newer=wanted.before is not None, has_older=len(lines) > PAGE)


def run_lines(session: Session, ids: Sequence[int]) -> list[RunLine]:
    """Read these runs as lines, the newest first."""
    return lines_of(session.execute(LINE.where(Run.id.in_(ids))))


def lines_of(rows: Iterable[Sequence[Any]]) -> list[RunLine]:
    """Make lines of what a select with the columns of `LINE` returned."""
    return [RunLine(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Scope:
    """A filter in the words of the indexes: ids instead of texts and periods."""

    state: RunState | None
    trigger: Trigger | None
    tasks: Sequence[int] | None
    """None means any task."""
    run_id: int | None
    """A run that the search names by its number, whatever its task."""
    first_id: int
    """No run before this one lies in the period."""

    def branches(self) -> list[dict[str, Any]]:
        """Return what to look for in each range that one index reads in order of ids."""
        narrow: dict[str, Any] = {}
        if self.state is not None:
            narrow["state"] = self.state
        if self.trigger is not None:
            narrow["trigger"] = self.trigger
        if self.tasks is None:
            if self.trigger is not None and self.state is None:
                return [narrow | {"state": state} for state in RunState]
            return [narrow]
        if len(self.tasks) > MOST_TASKS:
            found = [narrow | {"tasks": self.tasks}]
        else:
            found = [narrow | {"task": task} for task in self.tasks]
        return found + ([narrow | {"id": self.run_id}] if self.run_id is not None else [])


CONDITIONS: dict[str, ColumnElement[bool]] = {
    "state": Run.state == bindparam("state", type_=Run.state.type),
    "trigger": Run.trigger == bindparam("trigger", type_=Run.trigger.type),
    "task": Run.task_definition_id == bindparam("task"),
    "tasks": Run.task_definition_id.in_(bindparam("tasks", expanding=True)),
    "id": Run.id == bindparam("id"),
    "first": Run.id >= bindparam("first"),
    "before": Run.id < bindparam("before"),
    "after": Run.id > bindparam("after"),
}
"""What a filter can ask of a run, each with the name of its value."""


def scope_of(session: Session, wanted: RunFilter, *, now: datetime) -> Scope | None:
    """Turn a filter into ids; None where nothing can fit.

    A period becomes the id of its first run, since ids and instants grow together: so it costs
    one look into an index, whatever else is filtered.
    """
    first_id = _first_id(session, wanted, now)
    tasks, run_id = _tasks(session, wanted), _id_of(wanted.q)
    if first_id is None or (tasks == [] and run_id is None):
        return None
    return Scope(wanted.state, wanted.trigger, tasks, run_id, first_id)


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


def _first_id(session: Session, wanted: RunFilter, now: datetime) -> int | None:
    """Return the id of the period's first run, 0 without a period, None where it has none."""
    if not wanted.period:
        return 0
    since = now - PERIODS[wanted.period]
    return session.scalar(
        select(Run.id).where(Run.queued_at >= since).order_by(Run.queued_at, Run.id).limit(1)
    )


def _tasks(session: Session, wanted: RunFilter) -> list[int] | None:
    """Return the ids of the tasks that fit; None where any does.

    Folding stands here and not in SQL: neither database knows that ı and I are one letter.
    """
    if not wanted.task and not wanted.q:
        return None
    words = fold(wanted.q).split()
    rows = session.execute(select(TaskDefinition.id, TaskDefinition.slug, TaskDefinition.title))
    return [
        task
        for task, slug, title in rows
        if wanted.task in ("", slug) and all(word in f"{fold(title)} {slug}" for word in words)
    ]


def _id_of(text: str) -> int | None:
    """Return the id that a search such as 17 or #17 names."""
    return _id(text.removeprefix("#"))


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
