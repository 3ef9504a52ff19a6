"""Every so often, and once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tasks.errors import Invalid
from tasks.scheduling.instants import Instant, Timing, on_wall


@dataclass(frozen=True, slots=True)
class Interval(Timing):
    """Every so often, counted from an anchor, so that two schedulers agree."""

    anchor: datetime
    length: timedelta
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.length < timedelta(seconds=1):
            raise Invalid("The interval must be at least one second.", field="interval_seconds")

    def instants(self, after: datetime) -> Iterator[Instant]:
        anchor = self.anchor.astimezone(UTC)
        count = max((after.astimezone(UTC) - anchor) // self.length + 1, 0)
        while True:
            yield Instant((anchor + count * self.length).astimezone(self.zone))
            count += 1


@dataclass(frozen=True, slots=True)
class Once(Timing):
    """One instant, and never again."""

    at: datetime
    zone: ZoneInfo

    def instants(self, after: datetime) -> Iterator[Instant]:
        at = self.at.astimezone(self.zone)
        if at.astimezone(UTC) > after.astimezone(UTC):
            as_it_reads = on_wall(at.replace(tzinfo=None, fold=0), self.zone)
            yield Instant(at) if at.fold else as_it_reads
