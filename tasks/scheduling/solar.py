"""Sunrise, sunset and the rest by place, under the names and by the definitions of Celery."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tasks.errors import Invalid
from tasks.scheduling.instants import Instant, Timing

LONGEST_SEARCH = 366
"""Days in a row without the event before it counts as one that never comes."""
LAST_YEAR = 9990


@dataclass(frozen=True, slots=True)
class SolarEvent:
    """How ephem finds it: its method, the height of the horizon, and the start of its day.

    The day starts at an hour of the sun (12 is noon) at which the event is never near, so that
    each falls into one day, however far north.
    """

    method: str
    horizon: str
    hour: int
    centre: bool


def _dawn(horizon: str) -> SolarEvent:
    return SolarEvent("next_rising", horizon, -6, centre=True)


def _dusk(horizon: str) -> SolarEvent:
    return SolarEvent("next_setting", horizon, 6, centre=True)


EVENTS = {
    "dawn_astronomical": _dawn("-18"),
    "dawn_nautical": _dawn("-12"),
    "dawn_civil": _dawn("-6"),
    "sunrise": SolarEvent("next_rising", "-0:34", -6, centre=False),
    "solar_noon": SolarEvent("next_transit", "0", 0, centre=False),
    "sunset": SolarEvent("next_setting", "-0:34", 6, centre=False),
    "dusk_civil": _dusk("-6"),
    "dusk_nautical": _dusk("-12"),
    "dusk_astronomical": _dusk("-18"),
}


@dataclass(frozen=True, slots=True)
class Solar(Timing):
    """An event of the sun at a place, to the second; days without it are passed over."""

    event: str
    latitude: float
    longitude: float
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if self.event not in EVENTS:
            raise Invalid(
                "“{event}” is no event of the sun. Give one of {events}.",
                field="solar_event",
                event=self.event,
                events=", ".join(EVENTS),
            )
        if not -90 <= self.latitude <= 90:
            raise Invalid("The latitude goes from -90 to 90 degrees.", field="latitude")
        if not -180 <= self.longitude <= 180:
            raise Invalid("The longitude goes from -180 to 180 degrees.", field="longitude")

    def instants(self, after: datetime) -> Iterator[Instant]:
        after = after.astimezone(UTC)
        day, missed = after.date() - timedelta(days=2), 0
        while missed <= LONGEST_SEARCH and day.year < LAST_YEAR:
            at = self._on(day)
            if at is not None and at > after:
                yield Instant(at.astimezone(self.zone))
            missed = missed + 1 if at is None else 0
            day += timedelta(days=1)

    def _on(self, day: date) -> datetime | None:
        """Return the event of a day that starts by the sun: the same from wherever it is asked."""
        import ephem  # a scheduler without such a schedule does without

        event = EVENTS[self.event]
        hours = event.hour - self.longitude / 15
        start = datetime.combine(day, time(), UTC) + timedelta(hours=hours)
        place = ephem.Observer()
        place.lat, place.lon = str(self.latitude), str(self.longitude)
        place.elevation, place.pressure, place.horizon = 0, 0, event.horizon
        centre = {"use_center": True} if event.centre else {}
        try:
            found = getattr(place, event.method)(ephem.Sun(), start=ephem.Date(start), **centre)
        except ephem.CircumpolarError:
            return None
        at = found.datetime().replace(microsecond=0, tzinfo=UTC)
        return at if at < start + timedelta(days=1) else None
