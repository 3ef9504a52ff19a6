"""From HANA's text to what DuckDB runs: what each sort of statement needs, and who may run it."""

from dataclasses import dataclass
from itertools import pairwise

from sqlglot import exp

from tasks.sources import sql_text
from tasks.sources.sql_text import Token
from tests.hana_server import create_table, parameter_types, reading, result_types
from tests.hana_server.codes import Function
from tests.hana_server.errors import HanaError, no_privilege, syntax
from tests.hana_server.metadata import ResultColumn
from tests.hana_server.reading import Context
from tests.hana_server.types import HanaType

_WRITES = {"INSERT": Function.INSERT, "UPDATE": Function.UPDATE, "DELETE": Function.DELETE}
_DEFINITIONS = frozenset({"CREATE", "DROP", "TRUNCATE"})
_NOT_HERE_WORDS = (
    "ALTER BACKUP CALL COMMENT DO EXPORT GRANT IMPORT LOAD LOCK MERGE RENAME REPLACE REVOKE"
    " UNLOAD UPSERT"
)
_NOT_HERE = frozenset(_NOT_HERE_WORDS.split(" "))
"""HANA knows these statements and this server does not."""


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
    first = next((word.text.upper() for word in words if word.text != "("), "")
    if first in ("SELECT", "WITH"):
        return _query(sql, words, context)
    if first in _WRITES:
        _must_write(context)
        return _write(sql, _WRITES[first], context)
    if first in _DEFINITIONS:
        _must_write(context)
        return _definition(sql, context)
    if first in _NOT_HERE:
        _must_write(context)
        raise _unknown_here(first)
    start, word = (words[0].start, words[0].text) if words else (0, "")
    raise syntax(sql, start, word)


def _query(sql: str, words: list[Token], context: Context) -> Plan:
    if any(a.is_word("FOR") and b.is_word("UPDATE") for a, b in pairwise(words)):
        _must_write(context)
        raise _unknown_here("FOR UPDATE")
    tree = reading.query(sql)
    names, momentary = reading.resolve(sql, tree, context)
    types = parameter_types.infer(tree, names)
    told = result_types.told_types(tree, names)
    text = reading.rewrite(sql, tree, types)
    columns = result_types.columns(sql, text, len(types), told, context)
    return Plan(Function.SELECT, (text,), types, columns, momentary)


def _write(sql: str, function: Function, context: Context) -> Plan:
    tree = reading.statement(sql)
    names, momentary = reading.resolve(sql, tree, context)
    types = parameter_types.infer(tree, names)
    return Plan(function, (reading.rewrite(sql, tree, types),), types, (), momentary)


def _definition(sql: str, context: Context) -> Plan:
    if table := create_table.parse(sql):
        _must_be_new(table.schema or context.schema, table.name, context)
        return Plan(Function.DDL, tuple(table.statements(context.schema)))
    tree = reading.statement(sql)
    if isinstance(tree, exp.Create):
        _place(tree, context)
        reading.resolve(sql, tree.expression or exp.Null(), context)
    elif tree.args.get("kind") != "SCHEMA":
        reading.resolve(sql, tree, context)
    return Plan(Function.DDL, (reading.rewrite(sql, tree),))


def _must_write(context: Context) -> None:
    if not context.asked.user.may_write:
        raise no_privilege()


def _must_be_new(schema: str, name: str, context: Context) -> None:
    if schema not in context.catalogue.schemas:
        raise HanaError(362, f"invalid schema name: {schema}")
    if context.catalogue.table(schema, name) is not None:
        raise HanaError(288, f"cannot use duplicate table name: {name}")


def _place(create: exp.Create, context: Context) -> None:
    """What is made without a schema is made in the present one."""
    made = create.this
    if create.args.get("kind") != "SCHEMA" and made.args.get("db") is None:
        made.set("db", exp.to_identifier(context.schema, quoted=True))


def _unknown_here(what: str) -> HanaError:
    return HanaError(7, f"feature not supported: {what} is not known to this server")
