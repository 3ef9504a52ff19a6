"""Why somebody got a report, or did not: what became of each of the last runs for an address."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tasks.lowered import lowered
from tasks.models import (
    Delivery,
    Run,
    RunState,
    TaskDefinition,
    TaskVersion,
    Unsubscription,
)
from tasks.queries.deliveries import is_to
from tasks.queries.deliveries_of_run import WITHOUT_LETTERS

MOST_RUNS = 20
MOST_TASKS = 50


class Because(StrEnum):
    """What explains it."""

    DELIVERY = "delivery"
    """There is a delivery, and its state tells."""
    NOT_ENDED = "not_ended"
    NOT_RUN = "not_run"
    """The run made nothing; its reason tells."""
    NOT_NAMED = "not_named"
    """The task did not name the address, at the version that ran."""
    NOT_SENT = "not_sent"
    """The run was well and sent nothing there; its reason tells."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One run for one address."""

    run_id: int
    scheduled_for: datetime
    state: RunState
    slug: str
    title: str
    because: Because
    delivery: Delivery | None = None
    since_version: int | None = None
    """Since when the task does not name it; None where it never did."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """All that is known of an address; `stopped` are the tasks whose mails it does not want."""

    runs: Sequence[Explained]
    stopped: Sequence[tuple[str, datetime]]


def why(session: Session, address: str, *, task: str = "") -> Answer:
    """Explain the last runs for an address: of one task, or of all that ever concerned it."""
    tasks = _tasks(session, address, task)
    return Answer(_explained(session, address, tasks), _stopped(session, address))


def _tasks(session: Session, address: str, slug: str) -> Sequence[int]:
    if slug:
        return session.scalars(select(TaskDefinition.id).where(TaskDefinition.slug == slug)).all()
    got = select(Run.task_definition_id).join(Delivery, Delivery.run_id == Run.id)
    before = session.scalars(got.where(is_to(address)).distinct().limit(MOST_TASKS)).all()
    named = islice(_naming(session, address), MOST_TASKS)
    return list({*before, *named})[:MOST_TASKS]


def _naming(session: Session, address: str) -> Iterator[int]:
    """Yield the tasks that name the address: the database sorts out where it does not stand."""
    stands = select(TaskDefinition.id, TaskDefinition.settings).where(
        _stands_in(TaskDefinition.settings, address)
    )
    for task_id, settings in session.execute(stands.order_by(TaskDefinition.id)):
        if _names(settings, address):
            yield task_id


def _explained(session: Session, address: str, tasks: Collection[int]) -> list[Explained]:
    ordinary = or_(Run.only_to.is_(None), Run.only_to.in_({address, address.lower()}))
    runs = session.execute(
        select(Run, TaskDefinition.slug, TaskDefinition.title)
        .join(TaskDefinition, TaskDefinition.id == Run.task_definition_id)
        .where(Run.task_definition_id.in_(tasks), ordinary)
        .order_by(Run.id.desc())
        .limit(MOST_RUNS)
    ).all()
    sent = _deliveries(session, address, [row[0].id for row in runs])
    versions = _Versions(session, address)
    found = []
    for run, slug, title in runs:
        head = (run.id, run.scheduled_for, run.state, slug, title)
        if run.id in sent:
            found += [Explained(*head, Because.DELIVERY, one) for one in sent[run.id]]
        else:
            found.append(Explained(*head, **_without_delivery(run, versions)))
    return found


def _without_delivery(run: Run, versions: "_Versions") -> dict[str, Any]:
    if not run.state.is_final:
        return {"because": Because.NOT_ENDED}
    if run.state is not RunState.SUCCEEDED:
        return {"because": Because.NOT_RUN, "reason": run.error or run.reason}
    named, since = versions.named(run.task_definition_id, run.task_version)
    if not named:
        return {"because": Because.NOT_NAMED, "since_version": since}
    return {"because": Because.NOT_SENT, "reason": run.reason}


def _deliveries(
    session: Session, address: str, runs: Collection[int]
) -> Mapping[int, list[Delivery]]:
    found: dict[int, list[Delivery]] = {}
    for one in session.scalars(
        select(Delivery)
        .where(Delivery.run_id.in_(runs), is_to(address))
        .order_by(Delivery.id)
        .options(*WITHOUT_LETTERS)
    ):
        found.setdefault(one.run_id, []).append(one)
    return found


def _stopped(session: Session, address: str) -> list[tuple[str, datetime]]:
    rows = session.execute(
        select(TaskDefinition.title, Unsubscription.created_at)
        .join(TaskDefinition, TaskDefinition.id == Unsubscription.task_definition_id)
        .where(Unsubscription.address == address.lower())
        .order_by(TaskDefinition.title)
        .limit(MOST_TASKS)
    )
    return [(row[0], row[1]) for row in rows]


class _Versions:
    """Which versions of a task name the address; read one by one, and each once."""

    def __init__(self, session: Session, address: str) -> None:
        self._session = session
        self._address = address
        self._known: dict[tuple[int, int], tuple[bool, int | None]] = {}

    def named(self, task_id: int, version: int) -> tuple[bool, int | None]:
        """Whether the version names it; if not, the first version since which none did."""
        key = (task_id, version)
        if key not in self._known:
            self._known[key] = self._look(task_id, version)
        return self._known[key]

    def _look(self, task_id: int, version: int) -> tuple[bool, int | None]:
        before = (TaskVersion.task_definition_id == task_id, TaskVersion.version <= version)
        newest = self._session.scalar(select(func.max(TaskVersion.version)).where(*before))
        last = next(self._naming(*before), None) if newest is not None else None
        if last is None or last == newest:
            return last is not None, None
        of_later = select(func.min(TaskVersion.version)).where(*before, TaskVersion.version > last)
        return False, self._session.scalar(of_later)

    def _naming(self, *which: ColumnElement[bool]) -> Iterator[int]:
        """Yield the versions that name it, the newest first; what is yielded last is read last."""
        older = None
        while True:
            wanted = select(TaskVersion.version, TaskVersion.content).where(
                *which, _stands_in(TaskVersion.content, self._address)
            )
            if older is not None:
                wanted = wanted.where(TaskVersion.version < older)
            found = self._session.execute(wanted.order_by(TaskVersion.version.desc()).limit(1))
            if (row := found.one_or_none()) is None:
                return
            older = row.version
            if _names(row.content.get("settings", {}), self._address):
                yield older


def _stands_in(column: InstrumentedAttribute[Any], address: str) -> ColumnElement[bool]:
    """Whether the text of the address stands somewhere in what is kept there."""
    return lowered(cast(column, String)).contains(address.lower(), autoescape=True)


def _names(settings: Mapping[str, Any], address: str) -> bool:
    """Whether the settings of a task name the address in some place where addresses stand."""
    mail, burst = settings.get("mail") or {}, settings.get("burst") or {}
    lists = (
        settings.get("recipients"),
        mail.get("cc"),
        mail.get("bcc"),
        burst.get("catch_all"),
    )
    listed = {str(one).lower() for each in lists if isinstance(each, list) for one in each}
    lines = burst.get("lines") or []
    return address.lower() in listed or any(address.lower() in str(one).lower() for one in lines)
