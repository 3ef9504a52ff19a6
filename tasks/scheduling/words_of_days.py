"""What is due on a day, on a working day or with the sun, in words."""

from datetime import datetime

from tasks.scheduling.instants import zone

TURKISH_NAMES = {
    "Monday": "Pazartesi", "Tuesday": "Salı", "Wednesday": "Çarşamba", "Thursday": "Perşembe",
    "Friday": "Cuma", "Saturday": "Cumartesi", "Sunday": "Pazar",
    "January": "Ocak", "February": "Şubat", "March": "Mart", "April": "Nisan", "May": "Mayıs",
    "June": "Haziran", "July": "Temmuz", "August": "Ağustos", "September": "Eylül",
    "October": "Ekim", "November": "Kasım", "December": "Aralık",
}  # fmt: skip

_ONCE = {"en": "Once, on {day} at {time}", "tr": "Bir kez, {day} saat {time}"}
_AT = {"en": "At {time}, on the {which} of the month", "tr": "Saat {time}, ayın {which}"}
_WHICH = {
    ("en", "first"): "first working day",
    ("en", "from start"): "{n} working day",
    ("en", "last"): "last working day",
    ("en", "from end"): "{n} to last working day",
    ("tr", "first"): "ilk iş günü",
    ("tr", "from start"): "{n}. iş günü",
    ("tr", "last"): "son iş günü",
    ("tr", "from end"): "sondan {n}. iş günü",
}
_SUN = {
    "dawn_astronomical": ("At astronomical dawn", "Astronomik tan başlarken"),
    "dawn_nautical": ("At nautical dawn", "Denizcilik tanı başlarken"),
    "dawn_civil": ("At civil dawn", "Sivil tan başlarken"),
    "sunrise": ("At sunrise", "Gün doğumunda"),
    "solar_noon": ("At solar noon", "Güneş en yüksekteyken"),
    "sunset": ("At sunset", "Gün batımında"),
    "dusk_civil": ("At civil dusk", "Sivil alacakaranlık biterken"),
    "dusk_nautical": ("At nautical dusk", "Denizcilik alacakaranlığı biterken"),
    "dusk_astronomical": ("At astronomical dusk", "Astronomik alacakaranlık biterken"),
}


def once_in_words(at: datetime | None, timezone: str, language: str) -> str:
    """Return the one instant as a phrase, such as “Once, on 16 March 2026 at 09:00”."""
    if at is None:
        return ""
    there = at.astimezone(zone(timezone))
    month = f"{there:%B}"
    month = TURKISH_NAMES[month] if language == "tr" else month
    day = f"{there.day} {month} {there.year}"
    return _ONCE[_known(language)].format(day=day, time=f"{there:%H:%M}")


def working_day_in_words(which: int | None, at: str | None, language: str) -> str:
    """Return the working day as a phrase, such as “At 09:00, on the last working day of …”."""
    number = which or 1
    where = ("first" if number > 0 else "last") if abs(number) == 1 else ""
    where = where or ("from start" if number > 0 else "from end")
    language = _known(language)
    ordinal = str(abs(number)) if language == "tr" else _ordinal(abs(number))
    phrase = _WHICH[language, where].format(n=ordinal)
    return _AT[language].format(time=at or "", which=phrase)


def solar_in_words(
    event: str | None, latitude: float | None, longitude: float | None, language: str
) -> str:
    """Return the event of the sun with its place, such as “At sunrise, 41.01° N 28.98° E”."""
    if event not in _SUN or latitude is None or longitude is None:
        return event or ""
    phrase = _SUN[event][language == "tr"]
    return f"{phrase}, {_degrees(latitude, 'NS', language)} {_degrees(longitude, 'EW', language)}"


def _degrees(value: float, names: str, language: str) -> str:
    name = names[value < 0]
    number = f"{abs(value):.2f}"
    if language != "tr":
        return f"{number}° {name}"
    return f"{number.replace('.', ',')}° {'KGDB'['NSEW'.index(name)]}"


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 11 <= number % 100 <= 13 else ending}"


def _known(language: str) -> str:
    return "tr" if language == "tr" else "en"
