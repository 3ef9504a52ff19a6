"""Sunrise and the rest, against Celery's own schedule and in places where they do not come."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from time import process_time
from zoneinfo import ZoneInfo

import ephem
import pytest
from celery.schedules import solar

from tasks.errors import Invalid
from tasks.scheduling.solar import EVENTS, Solar

ISTANBUL = (41.01, 28.98)
PLACES = [ISTANBUL, (-33.9, 151.2), (64.1, -21.9), (0.0, 179.9), (21.3, -157.9), (-54.8, -68.3)]
START = datetime(2026, 1, 1, tzinfo=UTC)


def at(event: str, place: tuple[float, float], zone: str = "UTC") -> Solar:
    return Solar(event, *place, ZoneInfo(zone))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_when_celery_says(event: str, place: tuple[float, float]) -> None:
    compared = 0
    theirs = solar(event, *place, nowfun=lambda: START)
    for month in (1, 3, 6, 10):
        start = START.replace(month=month, day=11)
        expected = START + theirs.remaining_estimate(start)
        found = next(at(event, place).after(start))
        if expected - start < timedelta(days=1):  # else it does not come for a while
            assert abs(found - expected) < timedelta(seconds=3)
            compared += 1
    assert compared >= 3 or abs(place[0]) > 50


def test_each_day_has_each_event_once_in_its_order() -> None:
    found = {event: list(islice(at(event, ISTANBUL).after(START), 365)) for event in EVENTS}
    for instants in found.values():
        gaps = [later - earlier for earlier, later in pairwise(instants)]
        assert min(gaps) > timedelta(hours=23, minutes=50)
        assert max(gaps) < timedelta(hours=24, minutes=10)
    assert list(found) == sorted(found, key=lambda event: found[event][0])


@pytest.mark.parametrize("place", PLACES)
def test_an_instant_does_not_depend_on_when_it_is_asked_for(place: tuple[float, float]) -> None:
    timing = at("sunset", place)
    all_of_them = list(islice(timing.after(START), 40))
    for earlier, later in pairwise(all_of_them):
        assert next(timing.after(earlier)) == later
        assert next(timing.after(later - timedelta(microseconds=1))) == later
        assert later.microsecond == 0


def _one_after_the_other(event: str, latitude: float, longitude: float) -> list[datetime]:
    """Return a year's events by asking ephem again and again from just behind the last one."""
    known, found, at = EVENTS[event], list[datetime](), START
    place = ephem.Observer()
    place.lat, place.lon, place.horizon = str(latitude), str(longitude), known.horizon
    place.elevation = place.pressure = 0
    options = {"use_center": True} if known.centre else {}
    while at < START + timedelta(days=365):
        try:
            coming = getattr(place, known.method)(ephem.Sun(), start=ephem.Date(at), **options)
        except ephem.CircumpolarError:
            at += timedelta(hours=2)
            continue
        at = coming.datetime().replace(tzinfo=UTC)
        if not found or at - found[-1] > timedelta(minutes=30):
            found.append(at)
        at += timedelta(minutes=5)
    return found


@pytest.mark.parametrize(
    ("event", "latitude"),
    [("dusk_nautical", 60), ("dusk_civil", 69.65), ("sunrise", 69.65), ("sunset", 85)],
)
def test_far_north_no_event_is_lost_or_doubled(event: str, latitude: float) -> None:
    expected = _one_after_the_other(event, latitude, 18.96)
    found = list(islice(at(event, (latitude, 18.96)).after(START), len(expected)))
    pairs = zip(found, expected, strict=True)
    assert max(abs(one - other) for one, other in pairs) < timedelta(minutes=2)


def test_days_without_the_event_are_passed_over() -> None:
    tromso = at("sunrise", (69.65, 18.96), "Europe/Oslo")
    days = [one.date() for one in islice(tromso.after(START), 200)]
    assert days[0].isoformat() in ("2026-01-14", "2026-01-15", "2026-01-16")
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]
    assert sorted(gaps)[-2:] == [1, max(gaps)]
    assert 60 < max(gaps) < 80  # the midnight sun, from May to July


@pytest.mark.parametrize("latitude", [-90.0, 90.0])
@pytest.mark.parametrize("event", EVENTS)
def test_a_place_where_it_never_comes_is_over_and_does_not_hang(
    event: str, latitude: float
) -> None:
    started = process_time()
    list(islice(at(event, (latitude, 0.0)).after(START), 3))
    assert process_time() - started < 2


@pytest.mark.parametrize(
    ("event", "latitude", "longitude", "field"),
    [
        ("moonrise", 0, 0, "solar_event"),
        ("sunrise", 90.1, 0, "latitude"),
        ("sunrise", float("nan"), 0, "latitude"),
        ("sunrise", 0, -180.5, "longitude"),
    ],
)
def test_what_is_no_event_or_no_place_is_refused(
    event: str, latitude: float, longitude: float, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        Solar(event, latitude, longitude, ZoneInfo("UTC"))
    assert refused.value.field == field
