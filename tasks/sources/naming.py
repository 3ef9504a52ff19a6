"""How each kind of source tells its tables and columns."""

from collections.abc import Iterator

from tasks.models import SourceKind
from tasks.rows import Row
from tasks.sources.base import Naming, Source

_OF_HANA = """
SELECT {kind}_NAME, COLUMN_NAME, DATA_TYPE_NAME, LENGTH, SCALE FROM SYS.{kind}_COLUMNS
WHERE SCHEMA_NAME = {schema} ORDER BY {kind}_NAME, POSITION"""
"""HANA shows to each user what this user may see."""
_SYNONYMS = """
SELECT SYNONYM_NAME FROM SYS.SYNONYMS WHERE SCHEMA_NAME IN ({schema}, 'PUBLIC')"""
_WITH_LENGTH = frozenset({"ALPHANUM", "NVARCHAR", "SHORTTEXT", "VARBINARY", "VARCHAR"})

_OF_POSTGRESQL = """
SELECT relname::text, attname::text, format_type(atttypid, atttypmod)
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'v', 'm', 'f', 'p') AND attnum > 0 AND NOT attisdropped
  AND nspname = {schema} AND has_table_privilege(c.oid, 'SELECT')
ORDER BY relname, attnum"""


def columns_in(source: Source, kind: SourceKind, schema: str) -> Iterator[Row]:
    """Yield each column of a schema: its table, its name and its type.

    An empty schema is the one that the source's user has anyway. Raises JobError.
    """
    if isinstance(source, Naming):
        yield from source.names(schema)
    elif kind is SourceKind.HANA:
        for of_what in ("TABLE", "VIEW"):
            for row in _rows(source, _OF_HANA.replace("{kind}", of_what), schema, "CURRENT_SCHEMA"):
                yield (row[0], row[1], _hana_type(*row[2:]))
    else:
        yield from _rows(source, _OF_POSTGRESQL, schema, "current_schema()")


def synonyms_in(source: Source, kind: SourceKind, schema: str) -> Iterator[str]:
    """Yield what else can be read as a table of this schema: its synonyms, and those of all.

    Only HANA has them. Raises JobError.
    """
    if kind is SourceKind.HANA:
        for row in _rows(source, _SYNONYMS, schema, "CURRENT_SCHEMA"):
            yield str(row[0])


def _rows(source: Source, sql: str, schema: str, own: str) -> Iterator[Row]:
    placed = sql.replace("{schema}", "?" if schema else own)
    with source.query(placed, (schema,) if schema else ()) as result:
        for batch in result.batches():
            yield from batch


def _hana_type(name: object, length: object, scale: object) -> str:
    if name == "DECIMAL" and scale is not None:
        return f"DECIMAL({length},{scale})"
    return f"{name}({length})" if name in _WITH_LENGTH else str(name)
