"""A query for a file with the tables of one company: each gets its schema, if it is there.

HANA minds the case of a quoted name and DuckDB does not, so DuckDB's own answer is not enough.
"""

from collections.abc import Mapping

from sqlglot import exp

from tasks.sources.hana_dialect import start_of
from tasks.sources.known_names import faults
from tasks.sources.schema_name import OWN
from tasks.sources.scopes import spelled
from tasks.sources.sql_text import AT, SqlError

Catalogue = Mapping[str, frozenset[str]]
"""The tables of one schema, and the columns of each."""


def check(sql: str, tree: exp.Query, catalogue: Catalogue, *, schema: str) -> None:
    """Give every table its schema, or raise SqlError at the first name that does not exist."""
    _place_tables(sql, tree, schema)
    _place_columns(tree, schema)
    for found in faults(tree, catalogue, schema=schema):
        raise SqlError(AT, sql=sql, start=found.start, why=found.message)


def _place_tables(sql: str, tree: exp.Query, schema: str) -> None:
    with_names = {spelled(cte.args["alias"].this) for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier):
            raise SqlError(
                "Line {line}, column {column}: only tables can be read, not {name}.",
                sql=sql,
                start=start_of(table),
                name=table.name.lower() or "this",
            )
        name, place = spelled(table.this), table.args.get("db")
        if (not place and name in with_names) or _is_dummy(table, name):
            continue
        _check_schema(sql, table, schema)
        table.set("db", exp.to_identifier(schema, quoted=True))


def _place_columns(tree: exp.Query, schema: str) -> None:
    """Give the schema to columns that name it before their table, as HANA allows."""
    for column in tree.find_all(exp.Column):
        place = column.args.get("db")
        if place and spelled(place) in OWN:
            column.set("db", exp.to_identifier(schema, quoted=True))


def _is_dummy(table: exp.Table, name: str) -> bool:
    place = table.args.get("db")
    return name == "DUMMY" and (place is None or spelled(place) == "SYS")


def _check_schema(sql: str, table: exp.Table, schema: str) -> None:
    place = table.args.get("db")
    if table.args.get("catalog") or (place and spelled(place) not in (schema, *OWN)):
        raise SqlError(
            "Line {line}, column {column}: this source has the schema {schema} only, not {name}.",
            sql=sql,
            start=start_of(table.args.get("catalog") or table.args["db"]),
            schema=schema,
            name=(table.args.get("catalog") or table.args["db"]).name,
        )
