"""What a relative date counts from: the instant that was meant, and not that of the work."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from tasks.reports.posting_periods import PostingPeriods
from tasks.scheduling.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Meant:
    """The instant a run is for, its working days, and the instant of the last success before it.

    `at` is in the zone of the schedule, or else of the installation.
    """

    at: datetime
    days: WorkingDays = field(default_factory=WorkingDays)
    last_success: datetime | None = None
    periods: PostingPeriods | None = None
    """The posting periods of the source that the run reads; None where nobody asked for them."""

    @classmethod
    def of(cls, day: date) -> "Meant":
        """The beginning of a day, with working days from Monday to Friday."""
        return cls(datetime.combine(day, time()))

    @property
    def day(self) -> date:
        return self.at.date()
