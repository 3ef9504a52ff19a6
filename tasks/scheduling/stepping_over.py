"""Schedules that cannot be fired and runs that cannot be ended: the others go on without them."""

import time
from collections.abc import Callable, Iterable
from logging import getLogger

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from tasks.alerts import raise_alert
from tasks.db import transaction
from tasks.errors import mark
from tasks.models import AlertKind, Run, Schedule, TaskDefinition

log = getLogger(__name__)

TRIED_AGAIN_AFTER = 60
"""Seconds."""
OF_THE_SERVER = ("08", "40", "53", "57", "58")
"""PostgreSQL's classes of errors for lines, deadlocks, room, shutdowns and disks."""
STUCK = mark(
    "The schedule “{schedule}” of “{title}” cannot be fired ({error}). Nothing is lost: it is "
    "tried again every minute. Look at its settings and at those of its task; the log of the "
    "scheduler says more."
)
RUN_STUCK = mark(
    "Run {run} of “{title}” cannot be ended or looked at ({error}). The others go on, and it is "
    "tried again every minute. The log of the scheduler says more; somebody who knows the database "
    "has to mend it."
)


class LeftOut:
    """Rows that this process could do nothing with lately, each until it is tried again."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}

    def leave_out(self, row_id: int) -> None:
        """Do not try it for a while."""
        self._until[row_id] = time.monotonic() + TRIED_AGAIN_AFTER

    def ids(self) -> list[int]:
        """Return those that are not to be tried yet."""
        now = time.monotonic()
        self._until = {one: until for one, until in self._until.items() if until > now}
        return list(self._until)


class RunsLeftOut(LeftOut):
    """The runs that this process could not end lately."""

    def each(self, run_ids: Iterable[int], act: Callable[[int], bool]) -> int:
        """Do something to each run; returns how many it changed.

        One that fails is stepped over, and its people are told once.

        Raises only the database's own trouble.
        """
        return sum(self._try(run_id, act) for run_id in run_ids)

    def _try(self, run_id: int, act: Callable[[int], bool]) -> bool:
        try:
            return act(run_id)
        except Exception as error:
            if is_the_databases(error):
                raise
            self.leave_out(run_id)
            log.error("run stepped over", extra={"run_id": run_id}, exc_info=error)
            _tell_of_run(run_id, type(error).__name__)
            return False


class SteppedOver(LeftOut):
    """The schedules that this scheduler could not fire lately, and the runs it could not end."""

    def __init__(self) -> None:
        super().__init__()
        self.runs = RunsLeftOut()

    def add(self, schedule_id: int, error: Exception) -> None:
        """Step over a schedule from now on, write down why, and tell its people once."""
        self.leave_out(schedule_id)
        log.error("schedule stepped over", extra={"schedule_id": schedule_id}, exc_info=error)
        _tell_of_schedule(schedule_id, type(error).__name__)


def is_the_databases(error: Exception) -> bool:
    """Whether the database itself is in trouble, so that no schedule is to blame."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, OperationalError):
        state = getattr(error.orig, "sqlstate", None)  # SQLite has none, nor has a broken line
        return state is None or state.startswith(OF_THE_SERVER)
    return isinstance(error, NoConnection)


def _tell_of_run(run_id: int, error: str) -> None:
    """Raise the alert once for the run; it leads to no page, since the run may be unreadable."""
    wanted = select(TaskDefinition.id, TaskDefinition.title, TaskDefinition.alert_recipients)
    with transaction() as session:
        row = session.execute(wanted.join(Run).where(Run.id == run_id)).one_or_none()
        if row is None:  # it was deleted meanwhile
            return
        raise_alert(
            session,
            AlertKind.RUN_STUCK,
            key=str(run_id),
            template=RUN_STUCK,
            values={"run": str(run_id), "title": row.title, "error": error},
            task_id=row.id,
            recipients=row.alert_recipients,
        )


def _tell_of_schedule(schedule_id: int, error: str) -> None:
    """Raise the alert; by columns, since the row as a whole may be unreadable."""
    wanted = (
        select(
            Schedule.name,
            Schedule.next_due_at,
            Schedule.task_definition_id,
            TaskDefinition.title,
            TaskDefinition.alert_recipients,
        )
        .join(Schedule.task)
        .where(Schedule.id == schedule_id)
    )
    with transaction() as session:
        row = session.execute(wanted).one_or_none()
        if row is None:  # it was deleted meanwhile
            return
        raise_alert(
            session,
            AlertKind.SCHEDULE_STUCK,
            key=f"{schedule_id}:{row.next_due_at}",
            template=STUCK,
            values={"schedule": row.name, "title": row.title, "error": error},
            task_id=row.task_definition_id,
            recipients=row.alert_recipients,
        )
