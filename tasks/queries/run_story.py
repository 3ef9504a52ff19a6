"""A run with everything that its page tells: attempts, events, files, deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.authorship import REPORT
from tasks.keeping.downloads import Loads, loads_of
from tasks.models import (
    Artifact,
    Attempt,
    Delivery,
    Run,
    RunEvent,
    RunState,
    TaskVersion,
)
from tasks.models.base import JsonList, JsonObject
from tasks.queries.deliveries_of_run import DeliveriesOfRun, deliveries_of_run
from tasks.queries.files_of_run import (
    count_parts,
    files_of_all_rows,
    pictures_of_all_rows,
    titles_of,
)
from tasks.queries.linked_runs import LinkedRun, cause_of, promised_by
from tasks.queries.mark_of import mark_of
from tasks.queries.queues import unserved
from tasks.queries.whole_run import run_itself

MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class RunStory:
    """All about one run, read at one moment."""

    run: Run
    files: Sequence[Artifact]
    """Of all rows, by the attempt that finished; the half-made ones of others are not shown."""
    parts: int
    """How many parts it was split into, which have a page of their own."""
    pictures: Sequence[Artifact]
    """The charts of all rows."""
    titles: Mapping[int, str]
    """What the charts are called, by the id of their file; of one that is not known, none."""
    loads: Mapping[int, Loads]
    """By the id of a file how it was loaded."""
    sent: DeliveriesOfRun
    attempts: Sequence[Attempt]
    events: Sequence[RunEvent]
    parameters: JsonList
    """The definitions of the version that ran."""
    retries: Sequence[Run]
    cause: LinkedRun | None
    promised: Sequence[LinkedRun]
    waits_in_vain: bool
    """Whether it waits for a worker of a queue that none takes from."""

    @property
    def is_open(self) -> bool:
        """Whether anything about it will still change by itself."""
        return not self.run.state.is_final or self.sent.is_open

    @property
    def deliveries(self) -> Sequence[Delivery]:
        """The first deliveries, those that failed above the others."""
        return self.sent.shown

    @property
    def last_attempt(self) -> int:
        return self.attempts[-1].number if self.attempts else 0

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone in which its schedule meant the instant; None without a schedule."""
        return ZoneInfo(self.run.schedule.timezone) if self.run.schedule else None

    @property
    def version(self) -> str:
        """Two stories with the same version look the same."""
        last_event = self.events[-1].id if self.events else 0
        newest = self.sent.newest.timestamp() if self.sent.newest else 0
        others = len(self.retries), len(self.promised), self.waits_in_vain
        silent = mark_of(others, *_without_event(self.run))
        return f"{last_event}-{newest:.6f}-{silent}"


def run_story(session: Session, run_id: int) -> RunStory:
    """Read all about a run; raises NotFound."""
    run = run_itself(session, run_id)
    attempts = select(Attempt).where(Attempt.run_id == run_id).order_by(Attempt.number)
    events = select(RunEvent).where(RunEvent.run_id == run_id).order_by(RunEvent.id.desc())
    files = files_of_all_rows(session, run)
    pictures = pictures_of_all_rows(session, run) if files else ()
    content = _content(session, run)
    return RunStory(
        run=run,
        files=files,
        parts=count_parts(session, run),
        pictures=pictures,
        titles=titles_of(pictures, content["settings"]) if run.task.job == REPORT else {},
        loads=loads_of(session, [one.id for one in files]) if files else {},
        sent=deliveries_of_run(session, run_id),
        attempts=session.scalars(attempts).all(),
        events=session.scalars(events.limit(MOST_EVENTS)).all()[::-1],
        parameters=content["parameters"],
        retries=session.scalars(
            select(Run).where(Run.retry_of_id == run_id).order_by(Run.id).limit(20)
        ).all(),
        cause=cause_of(session, run),
        promised=promised_by(session, run) if run.state.is_final else (),
        waits_in_vain=_is_ready(run) and bool(unserved(session, [run.queue])),
    )


def _is_ready(run: Run) -> bool:
    return run.state is RunState.QUEUED and run.reason_code is None


def _without_event(run: Run) -> tuple[object, ...]:
    """Return what changes about a run without a change of its state, so without an event."""
    progress = run.progress_done, run.progress_total, run.progress_text
    return *progress, run.reason, run.reason_code, run.next_attempt_at, run.late_at


def _content(session: Session, run: Run) -> JsonObject:
    """Return what the task was in the version that ran, its settings and its parameters."""
    content = session.scalar(
        select(TaskVersion.content).where(
            TaskVersion.task_definition_id == run.task_definition_id,
            TaskVersion.version == run.task_version,
        )
    )
    if content is None:
        return {"settings": run.task.settings, "parameters": run.task.parameters}
    found: JsonObject = content
    return found
