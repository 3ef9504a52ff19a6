"""Whether a schedule starts anything at present."""

from datetime import datetime
from enum import StrEnum

from tasks.models import FOREVER, Schedule


class Standing(StrEnum):
    """One word for what a schedule does at present; the first that holds."""

    OFF = "off"
    OVER = "over"
    PAUSED = "paused"
    PAUSED_UNTIL = "paused_until"
    TASK_OFF = "task_off"
    ON = "on"

    @property
    def is_paused(self) -> bool:
        return self in (Standing.PAUSED, Standing.PAUSED_UNTIL)


def standing_of(schedule: Schedule, *, now: datetime) -> Standing:
    """Return how a schedule stands; its task has to be loaded."""
    if not schedule.enabled:
        return Standing.OFF
    if schedule.next_due_at is None:
        return Standing.OVER
    if schedule.paused_until is not None and schedule.paused_until > now:
        return Standing.PAUSED if schedule.paused_until == FOREVER else Standing.PAUSED_UNTIL
    return Standing.ON if schedule.task.is_active else Standing.TASK_OFF
