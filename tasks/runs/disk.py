"""The disk guard: with too little room on its machine a run waits instead of failing half-way.

Each worker judges its own disk at the claim. What waits is released by the workers: by those of the
machine that was short as soon as it has room again, by others after a minute, so that a run does
not go to and fro between machines all the time. What frees room itself does not wait.
"""

import socket
from datetime import timedelta
from logging import getLogger

from sqlalchemy import Select, delete, exists, select, true

from tasks.alerts import raise_alert
from tasks.clock import utcnow
from tasks.db import db_now, insert_once, reading, transaction
from tasks.errors import mark
from tasks.keeping.disk import free_megabytes, has_room, has_room_again
from tasks.models import IS_HELD, AlertKind, Run, SchedulerMark, TaskDefinition
from tasks.runs.waits import hold, release
from tasks.settings import settings

log = getLogger(__name__)

DISK = "disk"
WAITS_FOR_ROOM = mark("It waits until there is room on the disk again for what it makes.")
NEARLY_FULL = mark(
    "On {machine} only {free} MB are free for the files of runs, less than the {least} MB that it "
    "takes for a run to begin. Runs wait until there is room: delete old files, or give it more."
)
FREES_ROOM = ("log_cleanup",)
"""The jobs that run however full the disk is."""
MOST_AT_ONCE = 500
OF_OTHERS = timedelta(minutes=1)
"""For so long a run waits for the machine that was short."""

IS_WAITING = (IS_HELD, Run.reason_code == DISK)


class NoRoom(Exception):
    """There is too little room here for a run to begin; the claim is taken back."""


def check_room(task: TaskDefinition) -> None:
    """Raise NoRoom where the run of this task may not begin on this machine."""
    if task.job not in FREES_ROOM and not has_room():
        raise NoRoom


def wait_for_room(run_id: int) -> None:
    """Let the run wait until there is room, and tell once that there is too little."""
    with transaction() as session:
        hold(session, [run_id], code=DISK, reason=WAITS_FOR_ROOM)
        since = insert_once(session, SchedulerMark, {"name": _mark(), "at": db_now()})
        if since is None:
            return
        free, least = free_megabytes(), settings().disk_free_megabytes
        words = {"machine": socket.gethostname(), "free": str(free), "least": str(least)}
        raise_alert(
            session,
            AlertKind.DISK_FULL,
            key=f"{socket.gethostname()}:{since.at.isoformat()}",
            template=NEARLY_FULL,
            values=words,
        )


def look_at_the_disk() -> int:
    """Release what waits for room where this machine has it; returns how many runs were."""
    if not has_room_again():
        return 0
    short_before = exists().where(SchedulerMark.name == _mark())
    with reading() as session:
        was_short = session.scalar(select(short_before))
        waiting = session.scalars(_waiting(for_long=not was_short)).all()
    if not (waiting or was_short):
        return 0
    with transaction() as session:
        session.execute(delete(SchedulerMark).where(SchedulerMark.name == _mark()))
        released = release(session, waiting, code=DISK)
    log.info("there is room for runs", extra={"released": released})
    return released


def _waiting(*, for_long: bool) -> Select[int]:
    """Find what waits for room; `for_long` leaves out what another machine has just given back."""
    long_enough = Run.updated_at < utcnow() - OF_OTHERS if for_long else true()
    return select(Run.id).where(*IS_WAITING, long_enough).limit(MOST_AT_ONCE)


def _mark() -> str:
    """Return the name of the mark that says since when this machine has had too little room."""
    return f"{DISK}:{socket.gethostname()}"[:40]
