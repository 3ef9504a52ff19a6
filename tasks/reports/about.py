"""What a file says of itself, beside its rows: for when it was made, of what, with which values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from tasks.log import MASK, SECRET_NAME
from tasks.reports.parameters import DateSpan, InstantSpan, ParameterDefinition, Value
from tasks.reports.parameters.types import Single
from tasks.reports.render.layout import Language

TITLE, MEANT_FOR, MADE_AT, SOURCE = range(4)
LABELS = {
    Language.ENGLISH: ("Report", "Meant for", "Made at", "Source"),
    Language.TURKISH: ("Rapor", "Hangi zaman için", "Oluşturulma", "Kaynak"),
}
SHOWN = 30
"""Values of several that are told; a list of thousands is nothing to read, and fits in no cell."""
LONGEST = 100
"""Letters that are told of each of several."""
YES_NO = {Language.ENGLISH: ("Yes", "No"), Language.TURKISH: ("Evet", "Hayır")}
MORE = {Language.ENGLISH: " … and {count} more", Language.TURKISH: " … ve {count} tane daha"}
DAY = {Language.ENGLISH: "%Y-%m-%d", Language.TURKISH: "%d.%m.%Y"}

Pair = tuple[str, str]


def about(
    language: Language, *, title: str, meant_for: datetime, made_at: datetime, source: str
) -> list[Pair]:
    """Return label and text of what is the same for each kind of value; instants in their zone."""
    labels, minute = LABELS[language], f"{DAY[language]} %H:%M"
    return [
        (labels[TITLE], title),
        (labels[MEANT_FOR], f"{meant_for:{minute}}"),
        (labels[MADE_AT], f"{made_at:{minute}}"),
        (labels[SOURCE], source),
    ]


def values_told(
    definitions: Iterable[ParameterDefinition], values: Mapping[str, Value], language: Language
) -> list[Pair]:
    """Return title and value of each parameter; one whose name says that it is secret is hidden."""
    return [
        (one.title, MASK if SECRET_NAME.search(one.name) else told(values[one.name], language))
        for one in definitions
    ]


def told(value: Value, language: Language) -> str:
    """Return a value as a reader of this language writes it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return YES_NO[language][not value]
    if isinstance(value, tuple):
        return few_of(value, language)
    if isinstance(value, DateSpan | InstantSpan):
        return f"{_day(value.first, language)} – {_day(value.last, language)}"
    if isinstance(value, date):
        return _day(value, language)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", "," if language is Language.TURKISH else ".")
    return str(value)


def few_of(several: Sequence[Single], language: Language) -> str:
    """Return the first of several values, and how many more there are."""
    words = ", ".join(_beginning(str(one)) for one in several[:SHOWN])
    if (more := len(several) - SHOWN) <= 0:
        return words
    count = f"{more:,}".replace(",", "." if language is Language.TURKISH else ",")
    return words + MORE[language].format(count=count)


def _beginning(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _day(value: date, language: Language) -> str:
    return f"{value:{DAY[language]}}" + (f" {value:%H:%M}" if isinstance(value, datetime) else "")
