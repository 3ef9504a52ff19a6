"""The columns of a result: DuckDB's types, but for what a table was declared with."""

from collections.abc import Callable, Iterable

import duckdb
from sqlglot import exp

from tests.hana_server.catalogue import Columns
from tests.hana_server.errors import translated
from tests.hana_server.metadata import ResultColumn
from tests.hana_server.naming import Names, spelled
from tests.hana_server.reading import Context, Described
from tests.hana_server.types import HanaType, of_duckdb

Told = Callable[[int, str], HanaType | None]
"""From the place and the name of a column to the type that its table was declared with."""


def told_types(tree: exp.Query, names: Names) -> Told:
    """How to find the column of a table that a column of the result is, if it is one."""
    if not isinstance(tree, exp.Select):
        return lambda _place, _name: None
    chosen = [each.unalias() if isinstance(each, exp.Alias) else each for each in tree.expressions]
    if any(each.is_star for each in chosen):
        return lambda _place, name: _first(names.tables.values(), name)
    known = [_of_table(each, names) for each in chosen]
    return lambda place, _name: known[place]


def columns(
    sql: str, text: str, parameters: int, told: Told, context: Context
) -> tuple[ResultColumn, ...]:
    """Ask DuckDB what a query brings; raises HanaError with the place where it is wrong."""
    described = _described(sql, f"DESCRIBE {text}", parameters, context)
    return tuple(
        ResultColumn(name, _shown(told(place, name), kind))
        for place, (name, kind) in enumerate(described)
    )


def _described(sql: str, question: str, parameters: int, context: Context) -> Described:
    try:
        return context.describe(question, parameters)
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise translated(error, sql, question) from error


def _of_table(node: exp.Expr, names: Names) -> HanaType | None:
    if not isinstance(node, exp.Column):
        return None
    return _first(names.columns(node), spelled(node.this))


def _first(tables: Iterable[Columns], name: str) -> HanaType | None:
    return next((table[name] for table in tables if name in table), None)


def _shown(told: HanaType | None, kind: str) -> HanaType:
    """The type that was declared, where DuckDB still has the type that stands for it."""
    if told and told.stored.replace(" ", "") == kind.replace(" ", ""):
        return told
    return of_duckdb(kind)
