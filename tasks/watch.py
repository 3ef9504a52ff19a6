"""The watch: a thread beside beat and beside each worker that sees what nobody else may be left to.

A scheduler that died cannot say so itself, and a worker that died cannot send the mail about it.
Each of them looks after the others; the rows decide who tells.
"""

import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from logging import getLogger

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from tasks.alerts import raise_alert
from tasks.clock import utcnow
from tasks.db import db_now, reading, transaction
from tasks.errors import OrchestratorError, mark
from tasks.forking import looking
from tasks.models import AlertKind, Schedule, SchedulerMark
from tasks.runs.deadlines import pass_deadlines
from tasks.settings import settings

log = getLogger(__name__)

SILENT = mark(
    "The scheduler has not worked since {time}; schedules due since: {number}. "
    "Start it with “orchestrator beat”."
)
SILENT_TICKS = 60
"""After so many ticks without a pass somebody is told."""


class Watch:
    """Looks every so many seconds, in a thread of its own, until it is stopped."""

    def __init__(self, every: float, *looks: Callable[[], object]) -> None:
        self._every = every
        self._looks = looks
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=2)

    def _watch(self) -> None:
        while not self._over.is_set():
            for look in self._looks:
                self._take(look)
            self._over.wait(self._every)

    def _take(self, look: Callable[[], object]) -> None:
        try:
            with looking():
                look()
        except SQLAlchemyError as error:
            log.warning("watch could not look", extra={"why": str(error)})
        except OrchestratorError as error:
            log.warning("watch could not look", extra={"why": error.message})
        except Exception:
            log.exception("watch broke")
            os.kill(os.getpid(), signal.SIGTERM)  # its supervisor starts it again, whole
            raise


def look_after_the_scheduler() -> bool:
    """Tell once that the scheduler is silent, and what is late meanwhile; returns whether it is."""
    silence = timedelta(seconds=SILENT_TICKS * settings().tick_seconds)
    with reading() as session:
        since = session.scalar(
            select(SchedulerMark.at).where(
                SchedulerMark.name == "tick", SchedulerMark.at < db_now(-silence)
            )
        )
    if since is None:
        return False
    with transaction() as session:
        due = (Schedule.enabled, Schedule.next_due_at <= utcnow())
        number = session.scalar(select(func.count()).where(*due)) or 0
        seen = f"{since.astimezone(settings().zone):%d.%m.%Y %H:%M:%S}"
        raise_alert(
            session,
            AlertKind.SCHEDULER_SILENT,
            key=since.isoformat(),
            template=SILENT,
            values={"time": seen, "number": str(number)},
        )
    pass_deadlines(now=utcnow())
    return True
