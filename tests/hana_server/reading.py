"""HANA's text to a tree, the names of the tree to tables, and the tree to DuckDB's text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from tasks.sources import hana_dialect, hana_functions, hana_grammar, hana_to_duckdb, sql_text
from tasks.sources.hana_dialect import Hana, start_of
from tasks.sources.sql_text import SqlError
from tests.hana_server import live, naming
from tests.hana_server.catalogue import SYSTEM, Catalogue
from tests.hana_server.errors import HanaError, at, offset_of, syntax
from tests.hana_server.live import Asked
from tests.hana_server.naming import Names
from tests.hana_server.types import TEXT, HanaType

Described = Sequence[tuple[str, str]]
"""The columns of a query, each with DuckDB's type."""

_FUNCTIONS = (
    hana_functions.SAME
    | hana_functions.TEXT.keys()
    | hana_functions.MACROS
    | hana_functions.NUMBERS.keys()
    | hana_functions.TEXTS
    | hana_functions.DATES
    | hana_grammar.PATTERNS.keys()
    | hana_grammar.SERIES.keys()
    | {"MAP", "NOW", "TO_DECIMAL", "SESSION_CONTEXT"}
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a statement meets: where it stands, who asks, and how DuckDB describes a query."""

    catalogue: Catalogue
    schema: str
    asked: Asked
    describe: Callable[[str, int], Described]


def query(sql: str) -> exp.Query:
    """Read a query as the product's own source reads it."""
    try:
        return hana_dialect.parse(sql)
    except SqlError as error:
        raise _unreadable(sql, error) from error


def statement(sql: str) -> exp.Expr:
    """Read any one statement."""
    first = sql_text.spoken(sql)[0]
    try:
        trees = [tree for tree in Hana().parse(sql) if tree is not None]
    except (ParseError, TokenError, RecursionError) as error:
        raise syntax(sql, first.start, first.text) from error
    if len(trees) != 1 or isinstance(trees[0], exp.Command):
        raise syntax(sql, first.start, first.text)
    return trees[0]


def resolve(sql: str, tree: exp.Expr, context: Context) -> tuple[Names, bool]:
    """Find what every name means; says too whether the tree holds what is true only now."""
    _check_functions(sql, tree)
    # First what is true now: CURRENT_SCHEMA and its like look like columns.
    values = live.substitute_values(tree, context.asked)
    names = naming.resolve(
        sql, tree, context.catalogue, schema=context.schema, user=context.asked.user
    )
    system = context.catalogue.schemas[SYSTEM]
    tables = live.substitute_tables(tree, context.asked, lambda name: list(system[name]))
    return names, values or tables


def rewrite(sql: str, tree: exp.Expr, types: Sequence[HanaType] = ()) -> str:
    """DuckDB's text, with each parameter cast to the type that the client was told."""
    try:
        text = hana_to_duckdb.rewrite(sql, cast(exp.Query, tree))
    except SqlError as error:
        raise _unreadable(sql, error) from error
    pieces, done = [], 0
    for token in sql_text.tokens(text):
        if token.sort == "parameter" and (kind := types[int(token.text[1:]) - 1]) is not TEXT:
            pieces += [text[done : token.start], f"CAST({token.text} AS {kind.stored})"]
            done = token.end
    return "".join([*pieces, text[done:]])


def _check_functions(sql: str, tree: exp.Expr) -> None:
    for call in tree.find_all(exp.Anonymous):
        if call.name.upper() not in _FUNCTIONS:
            start = start_of(call)
            text = f"invalid name of function or procedure: {call.name.upper()}: {at(sql, start)}"
            raise HanaError(328, text, start + 1)


def _unreadable(sql: str, error: SqlError) -> HanaError:
    start = offset_of(sql, error)
    word = next((w.text for w in sql_text.spoken(sql) if w.start >= start), "")
    return syntax(sql, start, word)
