"""Which table and column each name of a statement means: HANA minds the case, DuckDB does not."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from tasks.sources.hana_dialect import start_of
from tests.hana_server.catalogue import SYSTEM, Catalogue, Columns
from tests.hana_server.errors import HanaError, at, no_privilege
from tests.hana_server.rights import User

_DUMMY = "DUMMY"
_MADE_BY_HANA = frozenset({"CURRENT_UTCTIMESTAMP", "CURRENT_UTCDATE", _DUMMY})


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of one statement mean."""

    tables: Mapping[str, Columns]
    """The columns behind each alias of a table."""
    derived: frozenset[str]
    """What subqueries and WITH are called; a table elsewhere may be called the same."""
    made: frozenset[str]
    """The columns that the statement itself gives a name to."""

    def columns(self, column: exp.Expr) -> list[Columns]:
        """The tables that a column may belong to."""
        owner = column.args.get("table")
        if owner is None:
            return list(self.tables.values())
        found = self.tables.get(spelled(owner))
        return [found] if found is not None else []


def resolve(sql: str, tree: exp.Expr, catalogue: Catalogue, *, schema: str, user: User) -> Names:
    """Give every table its schema; raises HanaError for a name or a right that is missing."""
    tables = _place_tables(sql, tree, catalogue, schema, user)
    names = _names(tree, tables)
    for column in tree.find_all(exp.Column):
        if isinstance(column.this, exp.Identifier):
            _check(sql, column, names)
    for schema_node in tree.find_all(exp.Schema):
        for listed in schema_node.expressions:
            _check(sql, exp.Column(this=listed), names)
    return names


def spelled(name: exp.Expr) -> str:
    """The name as HANA reads it: a bare one is upper case."""
    return name.name if name.args.get("quoted") else name.name.upper()


def _place_tables(
    sql: str, tree: exp.Expr, catalogue: Catalogue, schema: str, user: User
) -> dict[str, Columns]:
    with_names = {spelled(cte.args["alias"].this) for cte in tree.find_all(exp.CTE)}
    placed: dict[str, Columns] = {}
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            raise HanaError(328, f"invalid name of function or procedure: {table.name}")
        name, place = spelled(table.this), table.args.get("db")
        if place is None and (name in with_names or name == _DUMMY):
            continue
        home = spelled(place) if place else _home(catalogue, schema, name)
        if (home, name) != (SYSTEM, _DUMMY):
            columns = _found(sql, table, catalogue, home, user)
            alias = table.args.get("alias")
            called = spelled(alias.this) if alias else name
            placed[called] = {**placed.get(called, {}), **columns}
            table.set("db", exp.to_identifier(home, quoted=True))
    return placed


def _home(catalogue: Catalogue, schema: str, name: str) -> str:
    """A name without a schema is looked for in the present one, then among the public ones."""
    here = catalogue.table(schema, name) is not None
    return schema if here or catalogue.table(SYSTEM, name) is None else SYSTEM


def _found(sql: str, table: exp.Table, catalogue: Catalogue, schema: str, user: User) -> Columns:
    place = table.args.get("catalog") or table.args.get("db")
    if table.args.get("catalog") or schema not in catalogue.schemas:
        start = start_of(place or table)
        name = spelled(place) if place else schema
        raise HanaError(362, f"invalid schema name: {name}: {at(sql, start)}", start + 1)
    if not user.may_read(schema):
        raise no_privilege()
    name = spelled(table.this)
    columns = catalogue.table(schema, name)
    if columns is None:
        start = start_of(table.this)
        text = f"invalid table name:  Could not find table/view {name} in schema {schema}"
        raise HanaError(259, f"{text}: {at(sql, start)}", start + 1)
    return columns


def _names(tree: exp.Expr, tables: dict[str, Columns]) -> Names:
    made = {spelled(alias.args["alias"]) for alias in tree.find_all(exp.Alias)}
    derived = set()
    for alias in tree.find_all(exp.TableAlias):
        made.update(spelled(column) for column in alias.args.get("columns") or [])
        if alias.this and not isinstance(alias.parent, exp.Table):
            derived.add(spelled(alias.this))
    for table in tree.find_all(exp.Table):
        if table.args.get("db") is None or spelled(table.this) == _DUMMY:
            derived.add(spelled(table.args["alias"].this if table.alias else table.this))
    return Names(tables, frozenset(derived), frozenset(made) | _MADE_BY_HANA)


def _check(sql: str, column: exp.Column, names: Names) -> None:
    name, owner = spelled(column.this), column.args.get("table")
    everything = names.made.union(*names.tables.values())
    if owner is None or spelled(owner) in names.derived:
        known = everything
    else:
        known = frozenset(names.tables.get(spelled(owner), ()))
    if name not in known:
        start = start_of(column)
        full = f"{spelled(owner)}.{name}" if owner is not None else name
        raise HanaError(260, f"invalid column name: {full}: {at(sql, start)}", start + 1)
