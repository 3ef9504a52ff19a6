"""Beat's scheduler: Celery's loop around our tick. It holds no copy of the schedules."""

from logging import getLogger
from typing import Any

from celery.apps.beat import Beat
from celery.beat import Scheduler, Service
from sqlalchemy.exc import DBAPIError

from tasks.alert_mails import send_alerts
from tasks.celery_app import app
from tasks.clock import utcnow
from tasks.digest.sending import LOOK_SECONDS, send_digests
from tasks.errors import OrchestratorError
from tasks.scheduling.stepping_over import SteppedOver
from tasks.scheduling.sync import sync_with_code
from tasks.scheduling.tick import tick
from tasks.scheduling.upkeep import keep_calendars_ahead
from tasks.settings import settings
from tasks.watch import Watch

log = getLogger(__name__)

WATCH_EVERY_TICKS = 5
DAY = 86_400


class DatabaseScheduler(Scheduler):  # type: ignore[misc]  # Celery has no types
    """Reads what is due by the index on `next_due_at` at each tick, so an edit counts at once."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.watch = Watch(WATCH_EVERY_TICKS * settings().tick_seconds, send_alerts)
        self.upkeep = Watch(DAY, keep_calendars_ahead)
        self.letters = Watch(LOOK_SECONDS, send_digests)
        self.stepped_over = SteppedOver()
        super().__init__(*args, **options)
        self.max_interval = settings().tick_seconds

    def setup_schedule(self) -> None:
        """Bring in what the code declares; where that fails, beat goes on with the table."""
        self.watch.start()
        self.upkeep.start()
        self.letters.start()
        try:
            sync_with_code(now=utcnow())
        except OrchestratorError as error:
            log.error("schedules of the code not synced", extra={"why": error.message})
        except DBAPIError as error:
            log.error("schedules of the code not synced", extra={"why": str(error.orig)})

    def tick(self, *_args: Any, **_options: Any) -> float:
        """Make one pass; one that breaks costs a pass, never the process.

        It leaves no mark, so that the health page and the workers' watch see that passes fail.
        """
        try:
            return tick(self.stepped_over)
        except DBAPIError as error:
            log.error("tick failed", extra={"why": str(error.orig)})
        except Exception:
            log.exception("tick broke")
        return settings().tick_seconds


class DatabaseBeat(Beat):  # type: ignore[misc]  # Celery has no types
    """Celery's beat with this scheduler. While it still starts, an order to stop just ends it."""

    def __init__(self) -> None:
        super().__init__(
            app=app, scheduler_cls=DatabaseScheduler, loglevel=settings().log_level, quiet=True
        )

    def install_sync_handler(self, service: Service) -> None:
        """Listen only once the scheduler is whole: Celery's handler would make another one."""
        _ = service.scheduler  # made by the first look at it
        super().install_sync_handler(service)
