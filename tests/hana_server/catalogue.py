"""What there is to read: schemas, tables and columns, letter by letter, each with HANA's type."""

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from tests.hana_server.types import HanaType, declared, of_duckdb

Columns = Mapping[str, HanaType]
"""The columns of a table, in order."""

SYSTEM = "SYS"
"""The schema whose views everybody may name without it."""

_COLUMNS = """
SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal
ORDER BY schema_name, table_name, column_index
"""
_SCHEMAS = """
SELECT schema_name FROM duckdb_schemas()
WHERE database_name = current_database() AND NOT internal
"""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The tables of every schema."""

    schemas: Mapping[str, Mapping[str, Columns]]

    def table(self, schema: str, name: str) -> Columns | None:
        """The columns of a table, or None."""
        return self.schemas.get(schema, {}).get(name)


def read(connection: duckdb.DuckDBPyConnection) -> Catalogue:
    """Read what DuckDB holds; a column's comment keeps the type that HANA was told."""
    schemas: dict[str, dict[str, dict[str, HanaType]]] = {
        name: {} for (name,) in connection.execute(_SCHEMAS).fetchall()
    }
    for schema, table, column, kind, comment in connection.execute(_COLUMNS).fetchall():
        tables = schemas.setdefault(schema, {})
        told = declared(comment) if comment else None
        tables.setdefault(table, {})[column] = told or of_duckdb(kind)
    return Catalogue(schemas)
