"""From HANA's text to what DuckDB runs: names and rights checked, types told, SQL rewritten."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import duckdb
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from tasks.sources import hana_dialect, hana_functions, hana_to_duckdb, sql_text
from tasks.sources.hana_dialect import Hana, start_of
from tasks.sources.sql_text import SqlError, Token
from tests.hana_server import create_table, live, naming, parameter_types
from tests.hana_server.catalogue import SYSTEM, Catalogue, Columns
from tests.hana_server.codes import Function
from tests.hana_server.errors import HanaError, at, no_privilege, syntax, translated
from tests.hana_server.live import Asked
from tests.hana_server.metadata import ResultColumn
from tests.hana_server.naming import Names
from tests.hana_server.types import TEXT, HanaType, of_duckdb

Described = Sequence[tuple[str, str]]
"""The columns of a query, each with DuckDB's type."""

_CALLS = (
    hana_functions.SAME
    | hana_functions.TEXT.keys()
    | hana_functions.MACROS
    | hana_functions.NUMBERS.keys()
    | hana_functions.TEXTS
    | hana_functions.DATES
    | {"MAP", "NOW", "TO_DECIMAL"}
)
_WRITES = {"INSERT": Function.INSERT, "UPDATE": Function.UPDATE, "DELETE": Function.DELETE}
_DEFINITIONS = ("CREATE", "DROP", "TRUNCATE", "ALTER", "RENAME", "GRANT", "REVOKE")
_ACTIONS = (
    "CALL",
    "DO",
    "IMPORT",
    "EXPORT",
    "UPSERT",
    "REPLACE",
    "MERGE",
    "LOAD",
    "UNLOAD",
    "LOCK",
    "COMMENT",
    "BACKUP",
)


@dataclass(frozen=True, slots=True)
class Context:
    """What a statement meets: where it stands, who asks, and how DuckDB describes a query."""

    catalogue: Catalogue
    schema: str
    asked: Asked
    describe: Callable[[str, int], Described]


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement that is ready to run."""

    function: Function
    statements: tuple[str, ...]
    """What DuckDB runs, one after the other."""
    parameters: tuple[HanaType, ...] = ()
    columns: tuple[ResultColumn, ...] = ()
    is_of_the_moment: bool = False
    """Whether it must be made anew each time, since it holds what was true once."""

    @property
    def reads(self) -> bool:
        return self.function is Function.SELECT


def plan(sql: str, context: Context) -> Plan:
    """Make a statement ready; raises HanaError as HANA's own compiler would."""
    words = sql_text.spoken(sql)
    if not words:
        raise syntax(sql, 0, "")
    first = next((word.text.upper() for word in words if word.text != "("), "")
    if first in ("SELECT", "WITH"):
        return _query(sql, context)
    if first in (*_WRITES, *_DEFINITIONS, *_ACTIONS) and not context.asked.user.may_write:
        raise no_privilege()
    if first in _WRITES:
        return _write(sql, words, _WRITES[first], context)
    if first in _DEFINITIONS:
        return _definition(sql, words, context)
    if first in _ACTIONS:
        raise _not_known(first)
    raise syntax(sql, words[0].start, words[0].text)


def _query(sql: str, context: Context) -> Plan:
    if _locks(sql_text.spoken(sql)):
        raise _not_known("FOR UPDATE") if context.asked.user.may_write else no_privilege()
    try:
        tree = hana_dialect.parse(sql)
    except SqlError as error:
        raise _unreadable(sql, error) from error
    names, momentary = _resolve(sql, tree, context)
    types = parameter_types.infer(tree, names)
    told = _told_columns(tree, names)
    text = _rewrite(sql, tree, types)
    question = f"DESCRIBE {text}"
    try:
        described = context.describe(question, len(types))
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise translated(error, sql, question) from error
    columns = tuple(
        ResultColumn(name, _shown(told(i, name), kind)) for i, (name, kind) in enumerate(described)
    )
    return Plan(Function.SELECT, (text,), types, columns, momentary)


def _locks(words: list[Token]) -> bool:
    return any(a.is_word("FOR") and b.is_word("UPDATE") for a, b in pairwise(words))


def _not_known(what: str) -> HanaError:
    return HanaError(7, f"feature not supported: {what} is not known to this server")


def _write(sql: str, words: list[Token], function: Function, context: Context) -> Plan:
    tree = _parse_one(sql, words)
    names, momentary = _resolve(sql, tree, context)
    types = parameter_types.infer(tree, names)
    return Plan(function, (_rewrite(sql, tree, types),), types, (), momentary)


def _definition(sql: str, words: list[Token], context: Context) -> Plan:
    if table := create_table.parse(sql):
        schema = table.schema or context.schema
        if schema not in context.catalogue.schemas:
            raise HanaError(362, f"invalid schema name: {schema}")
        if context.catalogue.table(schema, table.name) is not None:
            raise HanaError(288, f"cannot use duplicate table name: {table.name}")
        return Plan(Function.DDL, tuple(table.statements(context.schema)))
    tree = _parse_one(sql, words)
    for made in [tree.this] if isinstance(tree, exp.Create) else []:
        if (
            isinstance(made, exp.Table)
            and made.args.get("db") is None
            and tree.args.get("kind") != "SCHEMA"
        ):
            made.set("db", exp.to_identifier(context.schema, quoted=True))
    if isinstance(tree, exp.Create):
        _resolve(sql, tree.expression or exp.Null(), context)
    elif tree.args.get("kind") != "SCHEMA":
        _resolve(sql, tree, context)
    return Plan(Function.DDL, (_rewrite(sql, tree, ()),))


def _parse_one(sql: str, words: list[Token]) -> exp.Expr:
    try:
        trees = [tree for tree in Hana().parse(sql) if tree is not None]
    except (ParseError, TokenError, RecursionError) as error:
        raise syntax(sql, words[0].start, words[0].text) from error
    if len(trees) != 1 or isinstance(trees[0], exp.Command):
        raise syntax(sql, words[0].start, words[0].text)
    return trees[0]


def _resolve(sql: str, tree: exp.Expr, context: Context) -> tuple[Names, bool]:
    _check_calls(sql, tree)
    # First what is true now: CURRENT_SCHEMA and its like look like columns.
    momentary = live.substitute_values(tree, context.asked)
    names = naming.resolve(
        sql, tree, context.catalogue, schema=context.schema, user=context.asked.user
    )
    system = context.catalogue.schemas.get(SYSTEM, {})
    tables = live.substitute_tables(tree, context.asked, lambda name: list(system[name]))
    return names, momentary or tables


def _check_calls(sql: str, tree: exp.Expr) -> None:
    for call in tree.find_all(exp.Anonymous):
        if call.name.upper() not in _CALLS | {"SESSION_CONTEXT"}:
            start = start_of(call)
            text = f"invalid name of function or procedure: {call.name.upper()}: {at(sql, start)}"
            raise HanaError(328, text, start + 1)


def _unreadable(sql: str, error: SqlError) -> HanaError:
    lines = sql.split("\n")
    start = sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1
    word = next((w.text for w in sql_text.spoken(sql) if w.start >= start), "")
    return syntax(sql, start, word)


def _rewrite(sql: str, tree: exp.Expr, types: Sequence[HanaType]) -> str:
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


def _told_columns(tree: exp.Query, names: Names) -> Callable[[int, str], HanaType | None]:
    """How to find the column of a table that a column of the result is, if it is one."""
    if not isinstance(tree, exp.Select):
        return lambda _place, _name: None
    chosen = [each.unalias() if isinstance(each, exp.Alias) else each for each in tree.expressions]
    if any(each.is_star for each in chosen):
        return lambda _place, name: _first(names.tables.values(), name)
    known = [
        _first(names.columns(each), naming.spelled(each.this))
        if isinstance(each, exp.Column)
        else None
        for each in chosen
    ]
    return lambda place, _name: known[place]


def _first(tables: Iterable[Columns], name: str) -> HanaType | None:
    return next((table[name] for table in tables if name in table), None)


def _shown(told: HanaType | None, kind: str) -> HanaType:
    """The type that was declared, where DuckDB still has the type that stands for it."""
    if told and told.stored.replace(" ", "") == kind.replace(" ", ""):
        return told
    return of_duckdb(kind)
