"""Are the tables and columns of a query in the database, letter by letter?

HANA minds the case of a quoted name and DuckDB does not, so DuckDB's own answer is not enough.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlglot import exp

from tasks.errors import mark
from tasks.sources.hana_dialect import start_of
from tasks.sources.schema_name import STAND_IN
from tasks.sources.sql_text import SqlError

Catalogue = Mapping[str, frozenset[str]]
"""The tables of one schema, and the columns of each."""

OWN = ("{schema}", STAND_IN.upper())
"""What stands for the schema of the source itself."""

_BARE = frozenset({"CURRENT_UTCTIMESTAMP", "CURRENT_UTCDATE"})


@dataclass(frozen=True)
class _Names:
    """What the query itself gives a name to."""

    made: frozenset[str]
    """Columns that the query makes: aliases and column lists."""
    derived: frozenset[str]
    """Names of subqueries and of WITH, whose columns are among `made` or pass through."""
    tables: Mapping[str, frozenset[str]]
    """The columns behind each alias of a real table."""


def check(sql: str, tree: exp.Query, catalogue: Catalogue, *, schema: str) -> None:
    """Give every table its schema, or raise SqlError at the first name that does not exist."""
    tables = _place_tables(sql, tree, catalogue, schema)
    names = _names_of(tree, tables, catalogue)
    for column in tree.find_all(exp.Column):
        if not isinstance(column.this, exp.Star):
            _check_column(sql, column, names)


def _place_tables(
    sql: str, tree: exp.Query, catalogue: Catalogue, schema: str
) -> list[tuple[exp.Table, str]]:
    with_names = {_spelled(cte.args["alias"].this) for cte in tree.find_all(exp.CTE)}
    found = []
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            raise SqlError(
                "Line {line}, column {column}: only tables can be read, not {name}.",
                sql=sql,
                start=start_of(table),
                name=table.name.lower() or "this",
            )
        name, place = _spelled(table.this), table.args.get("db")
        if (not place and name in with_names) or _is_dummy(table, name):
            continue
        _check_schema(sql, table, schema)
        if name not in catalogue:
            raise _missing(sql, table.this, "table", name, catalogue)
        table.set("db", exp.to_identifier(schema, quoted=True))
        found.append((table, name))
    return found


def _is_dummy(table: exp.Table, name: str) -> bool:
    place = table.args.get("db")
    return name == "DUMMY" and (place is None or _spelled(place) == "SYS")


def _check_schema(sql: str, table: exp.Table, schema: str) -> None:
    place = table.args.get("db")
    if table.args.get("catalog") or (place and _spelled(place) not in (schema, *OWN)):
        raise SqlError(
            "Line {line}, column {column}: this source has the schema {schema} only, not {name}.",
            sql=sql,
            start=start_of(table.args.get("catalog") or table.args["db"]),
            schema=schema,
            name=(table.args.get("catalog") or table.args["db"]).name,
        )


def _names_of(tree: exp.Query, tables: list[tuple[exp.Table, str]], catalogue: Catalogue) -> _Names:
    made = {_spelled(alias.args["alias"]) for alias in tree.find_all(exp.Alias)}
    derived = set()
    for alias in tree.find_all(exp.TableAlias):
        made.update(_spelled(name) for name in alias.args.get("columns") or [])
        if alias.this and not isinstance(alias.parent, exp.Table):
            derived.add(_spelled(alias.this))
    behind: dict[str, frozenset[str]] = {}
    for table, name in tables:
        called = _called(table, name)
        behind[called] = behind.get(called, frozenset()) | catalogue[name]
    for table in tree.find_all(exp.Table):
        name = _spelled(table.this)
        if not table.args.get("db") or _is_dummy(table, name):
            derived.add(_called(table, name))
    made.add("DUMMY")
    return _Names(frozenset(made), frozenset(derived), behind)


def _check_column(sql: str, column: exp.Column, names: _Names) -> None:
    name, qualifier = _spelled(column.this), column.args.get("table")
    if not qualifier:
        known = names.made.union(*names.tables.values())
        if name not in known and name not in _BARE:
            raise _missing(sql, column.this, "column", name, known)
        return
    owner = _spelled(qualifier)
    if owner in names.tables and owner not in names.derived:
        if name not in names.tables[owner]:
            raise _missing(sql, column.this, "column", name, names.tables[owner])
    elif owner not in names.derived:
        raise SqlError(
            "Line {line}, column {column}: no table of this query is called {name}.",
            sql=sql,
            start=start_of(qualifier),
            name=owner,
        )
    elif name not in (known := names.made.union(*names.tables.values())):
        raise _missing(sql, column.this, "column", name, known)


_MISSING = {
    ("table", False): mark('Line {line}, column {column}: the table "{name}" does not exist.'),
    ("table", True): mark(
        'Line {line}, column {column}: the table "{name}" does not exist. Did you mean "{nearest}"?'
    ),
    ("column", False): mark('Line {line}, column {column}: the column "{name}" does not exist.'),
    ("column", True): mark(
        'Line {line}, column {column}: the column "{name}" does not exist.'
        ' Did you mean "{nearest}"?'
    ),
}
"""What is missing, and whether a name is known that was probably meant."""


def _missing(sql: str, node: exp.Expr, what: str, name: str, known: Iterable[str]) -> SqlError:
    nearest = _nearest(name, known)
    template = _MISSING[what, bool(nearest)]
    return SqlError(template, sql=sql, start=start_of(node), name=name, nearest=nearest)


def _nearest(name: str, known: Iterable[str]) -> str:
    """The name that was probably meant: the same letters in another case, or nearly the same."""
    by_lower = {other.casefold(): other for other in sorted(known)}
    close = difflib.get_close_matches(name.casefold(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""


def _called(table: exp.Table, name: str) -> str:
    """What the rest of the query calls the table."""
    alias = table.args.get("alias")
    return _spelled(alias.this) if alias else name


def _spelled(name: exp.Expr) -> str:
    """The name as HANA reads it: a bare one is upper case."""
    return name.name if name.args.get("quoted") else name.name.upper()
