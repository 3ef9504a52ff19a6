"""A clock for processes of the product, which a test sets and steps while they run."""

from datetime import datetime, timedelta
from pathlib import Path

from tasks.clock import utcnow


class SharedClock:
    """How far the processes started with `environment` are ahead of the machine."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.step_to(timedelta())
        self.environment = {"PROBE_CLOCK": str(self._file)}

    def step_to(self, ahead: timedelta) -> None:
        """Set how far ahead the clock is; a negative length is behind."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(str(ahead.total_seconds()))
        fresh.replace(self._file)

    def set(self, instant: datetime) -> None:
        """Let it be this instant now."""
        self.step_to(instant - utcnow())
