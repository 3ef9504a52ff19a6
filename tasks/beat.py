"""Beat's scheduler: Celery's loop around our tick. It holds no copy of the schedules."""

from logging import getLogger
from typing import Any

from celery.beat import Scheduler
from sqlalchemy.exc import DBAPIError

from tasks.clock import utcnow
from tasks.scheduling.tick import tick
from tasks.settings import settings

log = getLogger(__name__)


class DatabaseScheduler(Scheduler):  # type: ignore[misc]  # Celery has no types
    """Reads what is due by the index on `next_due_at` at each tick, so an edit counts at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.max_interval = settings().tick_seconds

    def setup_schedule(self) -> None:
        """Nothing to set up: the table is the schedule."""

    def tick(self, *_args: Any, **_options: Any) -> float:
        """Make one pass; an outage of our database costs passes, never the process."""
        try:
            tick(now=utcnow())
        except DBAPIError as error:
            log.error("tick failed", extra={"why": str(error.orig)})
        return settings().tick_seconds
