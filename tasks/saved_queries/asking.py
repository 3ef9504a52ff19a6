"""The parameters of a saved query: one for each key of its marks, typed and titled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tasks.reports.guard import reading, statement
from tasks.reports.guard.verdict import Fault
from tasks.reports.guard.words import with_schema
from tasks.reports.parameters import ParameterDefinition, ParameterType
from tasks.reports.render import Language
from tasks.saved_queries.columns import Types, guessed_type, name_of, title_of
from tasks.saved_queries.hints import Hint, hints
from tasks.saved_queries.marks import Asking, askings
from tasks.saved_queries.meaning import NOTHING, Meaning, Told
from tasks.sources import sql_text
from tasks.sources.sql_text import Token

LONGEST_NAME = 40
LONGEST_BEGIN = 36
"""Of a name; the rest is for what makes it the only one."""
LONGEST_LABEL = 120
NAMELESS = {Language.ENGLISH: "Value", Language.TURKISH: "Değer"}
DAYS = {
    Language.ENGLISH: {"from": "from", "to": "to"},
    Language.TURKISH: {"from": "başlangıç", "to": "bitiş"},
}
AMOUNTS = {
    Language.ENGLISH: {"from": "at least", "to": "at most"},
    Language.TURKISH: {"from": "en az", "to": "en çok"},
}
NUMBERS = frozenset({ParameterType.INTEGER, ParameterType.DECIMAL})
_SIGNS = {">=": "from", ">": "from", "<=": "to", "<": "to"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A parameter, the key of the marks that it stands for, and where the first of them is.

    An optional one is a text that may stay empty, as it may in Business One. A misplaced one stands
    where the query names a column, so that no value will do.
    """

    key: str
    start: int
    definition: ParameterDefinition
    optional: bool
    misplaced: bool


def wanted(sql: str, tokens: Sequence[Token], types: Types, language: Language) -> list[Wanted]:
    """Return the parameters in the order of their first mark."""
    words = [token for token in tokens if token.sort != "comment"]
    places = list(askings(words))
    told = _told(sql, places, types)
    hinted, empty = hints(tokens), _may_be_empty(words, places)
    found: list[Wanted] = []
    for key in dict.fromkeys(key for place in places for key in place.keys):
        about = _one_of(told[key], hinted.get(key), types)
        used = {one.definition.name for one in found}
        labels = {one.definition.label for one in found}
        optional = key in empty and about.type is ParameterType.TEXT
        definition = ParameterDefinition(
            name=_only(_name(about), used, "_", LONGEST_NAME),
            type=about.type or ParameterType.TEXT,
            label=_only(_label(about, language), labels, " ", LONGEST_LABEL),
            required=not optional,
        )
        start = next(place.start for place in places if key in place.keys)
        misplaced = any(one.names for one in told[key])
        found.append(Wanted(key, start, definition, optional, misplaced))
    return found


def _told(sql: str, places: Sequence[Asking], types: Types) -> dict[str, list[Told]]:
    """Read the query with a placeholder at each mark, and ask what each is compared with."""
    keys = list(dict.fromkeys(key for place in places for key in place.keys))
    pieces, end = list[str](), 0
    for place in places:
        spoken = [f":m_{one}" if at % 2 else f"'{one}'" for at, one in enumerate(place.pieces)]
        joined = " || ".join(spoken) if place.is_part else spoken[1]
        pieces += [sql[end : place.start], joined]
        end = place.end
    words = with_schema(sql_text.spoken("".join([*pieces, sql[end:]])))
    query = reading.read(statement.without_last_semicolons(words))
    if isinstance(query, Fault):
        return {key: [] for key in keys}
    meaning = Meaning(query, types)
    return {key: list(meaning.of(f"m_{key}")) for key in keys}


def _one_of(told: Sequence[Told], hint: Hint | None, types: Types) -> Told:
    """Make one of what all places and the comment tell.

    The comment is there to say which column is meant, so it goes before the first place that
    knows one. Where the places want different things, the value is a text.
    """
    about = next((one for one in told if one.column), NOTHING)
    type = _common([one.type for one in told if one.type])
    if hint is None:
        return Told(type, about.column, about.function, about.bound)
    meant = types.get(hint.table, {}).get(hint.column) or guessed_type(hint.column)
    is_open = type is None or not about.column
    bound = _SIGNS.get(hint.sign, "") or about.bound
    return Told(meant if is_open else type, hint.column, about.function, bound)


def _common(types: Sequence[ParameterType]) -> ParameterType | None:
    """The type that fits all places; None where none of them minds."""
    if not types or len(set(types)) == 1:
        return types[0] if types else None
    return ParameterType.DECIMAL if NUMBERS.issuperset(types) else ParameterType.TEXT


def _may_be_empty(words: Sequence[Token], places: Sequence[Asking]) -> frozenset[str]:
    """The keys for whose empty value the query itself is made: '%[%0]%', or '[%0]' = ''."""
    at = {word.end: number for number, word in enumerate(words)}
    met = {key for one in places if _met_with_nothing(words, one, at[one.end]) for key in one.keys}
    alone = {key for one in places if not one.is_part for key in one.keys}
    return frozenset(key for one in places for key in one.keys if key in met or key not in alone)


def _met_with_nothing(words: Sequence[Token], place: Asking, at: int) -> bool:
    """Whether the place, which ends with the word at this index, stands beside an empty text."""
    first = at if words[at].start == place.start else at - 1  # the N of N'[%0]'
    before = [token.text for token in words[max(first - 2, 0) : first]]
    after = [token.text for token in words[at + 1 : at + 3]]
    return after == ["=", "''"] or before == ["''", "="]


def _name(about: Told) -> str:
    column = name_of(about.column) if about.column else "value"
    function = f"_{about.function.lower()}" if about.function else ""
    bound = f"_{about.bound}" if about.bound else ""
    return f"{column}{function}"[: LONGEST_BEGIN - len(bound)].rstrip("_") + bound


def _label(about: Told, language: Language) -> str:
    title = title_of(about.column, language) if about.column else NAMELESS[language]
    bounds = AMOUNTS if about.type in NUMBERS else DAYS
    notes = [about.function, bounds[language].get(about.bound, "")]
    said = ", ".join(note for note in notes if note)
    return f"{title} ({said})"[:LONGEST_LABEL] if said else title[:LONGEST_LABEL]


def _only(wished: str, used: Iterable[str], joint: str, longest: int) -> str:
    """Number a name that is used already, and cut it where it would be too long with that."""
    taken, number, name = set(used), 1, wished
    while name in taken:
        number += 1
        end = f"{joint}{number}"
        name = f"{wished[: longest - len(end)]}{end}"
    return name
