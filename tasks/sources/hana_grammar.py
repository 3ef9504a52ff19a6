"""What sqlglot has no words for in HANA's SQL: functions of patterns, FLAG, and series of days.

Each is read into something ordinary that the checks of names understand: a call with its arguments
in one fixed order, a subquery with its columns. What they mean in DuckDB is in `hana_patterns`.
"""

from collections.abc import Callable
from typing import Any

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

PATTERNS = {
    "LOCATE_REGEXPR": "LOCATE_REGEXPR",
    "OCCURRENCES_REGEXPR": "OCCURRENCES_REGEXPR",
    "REPLACE_REGEXPR": "REPLACE_REGEXPR",
    "SUBSTRING_REGEXPR": "SUBSTRING_REGEXPR",
    "SUBSTR_REGEXPR": "SUBSTRING_REGEXPR",
}
"""The name that an author may write, and the one that the function has from then on."""
SERIES = {"SERIES_GENERATE_DATE": "DATE", "SERIES_GENERATE_TIMESTAMP": "TIMESTAMP"}
"""Functions that stand in place of a table, and the type of their periods."""
SERIES_COLUMNS = ("GENERATED_PERIOD_START", "GENERATED_PERIOD_END", "ELEMENT_NUMBER")
SERIES_COLUMN = "column_of_series"
"""What a call that was made from a series in FROM is told by: the column that it makes."""


def pattern_reader(name: str) -> Callable[[Any], exp.Expr]:
    """How the reader takes the arguments of one of PATTERNS."""
    return lambda reader: _pattern_call(reader, PATTERNS[name])


def read_like(reader: Any, text: exp.Expr) -> exp.Expr:
    """Read what stands behind LIKE_REGEXPR: a pattern and its FLAG."""
    pattern, flags = _part(reader), _after(reader, "FLAG")
    return exp.RegexpLike(this=text, expression=pattern, flag=flags)


def series_as_subqueries(tree: exp.Expr) -> None:
    """Turn each series in FROM into a subquery that has its columns; a call in each tells which."""
    for table in list(tree.find_all(exp.Table)):
        made = table.this
        if isinstance(made, exp.Anonymous) and made.name.upper() in SERIES:
            columns = [_column_of_series(made, number) for number in range(len(SERIES_COLUMNS))]
            alias = table.args.get("alias")
            table.replace(exp.Subquery(this=exp.select(*columns), alias=alias))


def _column_of_series(made: exp.Anonymous, number: int) -> exp.Expr:
    """Only the first call gets the bounds, so that a `?` in them stays one."""
    asked = made.expressions[:1] if number else made.expressions
    call = exp.Anonymous(this=made.name.upper(), expressions=[each.copy() for each in asked])
    call.meta.update(made.meta | {SERIES_COLUMN: SERIES_COLUMNS[number]})
    return exp.alias_(call, SERIES_COLUMNS[number], quoted=True)


def _pattern_call(reader: Any, name: str) -> exp.Anonymous:
    """F([START|AFTER] pattern [FLAG f] IN text [WITH r] [FROM n] [OCCURRENCE n|ALL] [GROUP n])."""
    edge = next((edge for edge in ("START", "AFTER") if reader._match_text_seq(edge)), None)
    pattern, flags = _part(reader), _after(reader, "FLAG")
    reader._match(TokenType.IN)
    text, replacement, first = _part(reader), _after(reader, "WITH"), _after(reader, "FROM")
    every = reader._match_text_seq("OCCURRENCE", "ALL")
    occurrence = None if every else _after(reader, "OCCURRENCE")
    parts = (pattern, flags, text, replacement, first, occurrence, _after(reader, "GROUP"))
    asked = [exp.Null() if part is None else part for part in parts]
    return exp.Anonymous(this=name, expressions=[*asked, exp.Literal.string(edge or "START")])


def _part(reader: Any) -> Any:
    return reader._parse_bitwise()


def _after(reader: Any, word: str) -> Any:
    """The value behind this word; None where the word is not there."""
    return _part(reader) if reader._match_text_seq(word) else None
