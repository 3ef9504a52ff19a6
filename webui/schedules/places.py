"""Places that the form offers for sunrise and the like."""

from flask_babel import lazy_gettext

PLACES = {
    "istanbul": (lazy_gettext("Istanbul"), 41.01, 28.98),
    "ankara": (lazy_gettext("Ankara"), 39.93, 32.86),
    "izmir": (lazy_gettext("İzmir"), 38.42, 27.14),
    "bursa": (lazy_gettext("Bursa"), 40.18, 29.07),
    "antalya": (lazy_gettext("Antalya"), 36.9, 30.7),
    "adana": (lazy_gettext("Adana"), 37.0, 35.32),
    "gaziantep": (lazy_gettext("Gaziantep"), 37.07, 37.38),
    "trabzon": (lazy_gettext("Trabzon"), 41.0, 39.72),
    "erzurum": (lazy_gettext("Erzurum"), 39.9, 41.27),
    "amsterdam": (lazy_gettext("Amsterdam"), 52.37, 4.9),
    "athens": (lazy_gettext("Athens"), 37.98, 23.73),
    "berlin": (lazy_gettext("Berlin"), 52.52, 13.4),
    "bucharest": (lazy_gettext("Bucharest"), 44.43, 26.1),
    "london": (lazy_gettext("London"), 51.51, -0.13),
    "madrid": (lazy_gettext("Madrid"), 40.42, -3.7),
    "munich": (lazy_gettext("Munich"), 48.14, 11.58),
    "paris": (lazy_gettext("Paris"), 48.86, 2.35),
    "rome": (lazy_gettext("Rome"), 41.9, 12.5),
    "sofia": (lazy_gettext("Sofia"), 42.7, 23.32),
    "vienna": (lazy_gettext("Vienna"), 48.21, 16.37),
    "warsaw": (lazy_gettext("Warsaw"), 52.23, 21.01),
}
"""Name, latitude and longitude in degrees, north and east positive."""


def place_at(latitude: float | None, longitude: float | None) -> str:
    """Return the key of the place that lies exactly there, or an empty text."""
    here = latitude, longitude
    return next((key for key, (_, *there) in PLACES.items() if tuple(there) == here), "")
