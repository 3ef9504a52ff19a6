"""From a saved query to the SQL and the parameters of a report, or why it cannot become one."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from tasks.errors import mark
from tasks.reports.guard import Problem, check, letters
from tasks.reports.guard.checking import Catalogue
from tasks.reports.guard.verdict import Fault
from tasks.reports.parameters import ParameterDefinition, ParameterType
from tasks.reports.render import Language
from tasks.saved_queries import marks, t_sql
from tasks.saved_queries.asking import Wanted, wanted
from tasks.saved_queries.columns import Types
from tasks.saved_queries.marks import Asking
from tasks.saved_queries.reading import SavedQuery
from tasks.sources import sql_text
from tasks.sources.sql_text import Token

MOST_PROBLEMS = 5
"""Of one query; whoever mends these sees the next ones."""

_ASKS = {
    ParameterType.DATE: mark("{mark} becomes the parameter “{title}”, a date."),
    ParameterType.INTEGER: mark("{mark} becomes the parameter “{title}”, a whole number."),
    ParameterType.DECIMAL: mark("{mark} becomes the parameter “{title}”, a number."),
    ParameterType.TEXT: mark("{mark} becomes the parameter “{title}”, a text."),
}
_OPTIONAL = mark("{mark} becomes the parameter “{title}”, a text that may stay empty.")
_FAILED = mark(
    "It cannot be taken: the program failed on it ({error}), and its log says where. Write the "
    "task yourself."
)
_BROWSE = mark("FOR BROWSE, which is for Business One's own window, is taken away.")

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """Whether a saved query can become a report."""

    AS_IT_IS = "as_it_is"
    WITH_CHANGES = "with_changes"
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Converted:
    """A saved query as a report has it; with problems, it cannot be taken.

    `changes` and `problems` are told with their places in the text as it is saved.
    """

    query: SavedQuery
    sql: str
    parameters: tuple[ParameterDefinition, ...] = ()
    changes: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def outcome(self) -> Outcome:
        if self.problems:
            return Outcome.CANNOT
        return Outcome.WITH_CHANGES if self.changes else Outcome.AS_IT_IS


@dataclass(frozen=True, slots=True)
class Company:
    """What is known of the tables that the queries read; without a catalogue any name goes."""

    types: Types
    catalogue: Catalogue | None = None
    schema: str = ""
    """Whose catalogue it is; a table that names another schema is not looked up."""


def convert(query: SavedQuery, company: Company, language: Language) -> Converted:
    """Turn a saved query into a report's SQL; never raises, whatever the text.

    A text on which the program itself fails is told as one that cannot be taken, and logged.
    """
    try:
        return _converted(query, company, language)
    except Exception as error:  # one text of fifty, which any person of Business One may write
        log.exception("saved query could not be read", extra={"query": query.number})
        failed = Problem(1, 1, _FAILED, {"error": type(error).__name__})
        return Converted(query, query.text, problems=(failed,))


def _converted(query: SavedQuery, company: Company, language: Language) -> Converted:
    saved = _with_plain_ends(query.text)
    if too_long := letters.too_long(saved):
        return Converted(query, saved, problems=(_problem(saved, too_long),))
    sql, changes = _without_browse(saved)
    tokens = list(sql_text.tokens(sql))
    if problems := _problems(sql, tokens):
        return Converted(query, sql, problems=problems)
    found = wanted(sql, tokens, company.types, language)
    if misplaced := [_misplaced(sql, one) for one in found if one.misplaced]:
        return Converted(query, sql, problems=tuple(misplaced))
    changes += [_told(sql, one) for one in found]
    report = _with_parameters(sql, tokens, found)
    known = [one.definition.name for one in found]
    verdict = check(report, parameters=known, catalogue=company.catalogue, schema=company.schema)
    if not verdict.ok:
        return Converted(query, sql, problems=verdict.problems[:MOST_PROBLEMS])
    parameters = tuple(one.definition for one in found)
    changes.sort(key=lambda one: (one.line, one.column))
    return Converted(query, report, parameters, tuple(changes))


def _with_plain_ends(text: str) -> str:
    """Business One ends its lines with a bare return, too, and some end with a semicolon."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip().rstrip(";").rstrip()


def _without_browse(sql: str) -> tuple[str, list[Problem]]:
    """The window of a query wants FOR BROWSE at its end; the database does not."""
    words = sql_text.spoken(sql)
    if len(words) < 2 or not (words[-2].is_word("FOR") and words[-1].is_word("BROWSE")):
        return sql, []
    start = words[-2].start
    return sql[:start].rstrip(), [_problem(sql, Fault(start, _BROWSE, {}))]


def _problems(sql: str, tokens: Sequence[Token]) -> tuple[Problem, ...]:
    """What keeps the text from being a report, one for each place."""
    placed: dict[tuple[int, int], Problem] = {}
    for one in _all_problems(sql, [token for token in tokens if token.sort != "comment"]):
        placed.setdefault((one.line, one.column), one)
        if len(placed) == MOST_PROBLEMS:
            break
    return tuple(placed.values())


def _all_problems(sql: str, words: Sequence[Token]) -> Iterator[Problem]:
    """Yield them, the more telling ones first.

    The guard would take what is another database's apart piece by piece, so it is not asked then.
    """
    if too_many := marks.too_many(words):
        yield _problem(sql, too_many)
        return
    foreign = list(t_sql.faults(words))
    for one in chain(foreign, marks.faults(words)):
        yield _problem(sql, one)
    if not foreign:
        yield from check(sql).problems


def _with_parameters(sql: str, tokens: Sequence[Token], found: Sequence[Wanted]) -> str:
    by_key = {one.key: one for one in found}
    words = [token for token in tokens if token.sort != "comment"]
    pieces, end = list[str](), 0
    for place in marks.askings(words):
        pieces += [sql[end : place.start], " || ".join(_spoken(place, by_key))]
        end = place.end
    return "".join([*pieces, sql[end:]])


def _spoken(place: Asking, by_key: dict[str, Wanted]) -> Iterator[str]:
    """What stands for a mark, and for the texts around it within the same quotes."""
    for at, piece in enumerate(place.pieces):
        if at % 2:
            name = by_key[piece].definition.name
            yield f"IFNULL(:{name}, '')" if by_key[piece].optional else f":{name}"
        elif piece:
            yield f"'{piece}'"


def _told(sql: str, one: Wanted) -> Problem:
    template = _OPTIONAL if one.optional else _ASKS[one.definition.type]
    values = {"mark": f"[%{one.key}]", "title": one.definition.title}
    return _problem(sql, Fault(one.start, template, values))


def _misplaced(sql: str, one: Wanted) -> Problem:
    return _problem(sql, Fault(one.start, marks.IN_A_NAME, {"mark": f"[%{one.key}]"}))


def _problem(sql: str, found: Fault) -> Problem:
    line, column = sql_text.line_and_column(sql, found.start)
    return Problem(line, column, found.template, found.values)
