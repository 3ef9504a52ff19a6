"""A row in each table that came after the first ones, with a value in each of its columns."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Connection, Date, DateTime, Integer, Table
from sqlalchemy.types import LargeBinary

from tests.database.old_rows import THEN

VALUES: tuple[tuple[type[Any], Any], ...] = (
    (Boolean, True),
    (Integer, 1),
    (DateTime, THEN),
    (Date, date(2026, 3, 16)),
    (JSON, ["ığ"]),
    (LargeBinary, b"\0"),
)
"""The number 1 is also the row that another table refers to."""
WORD = "ığ"


def fill_newer(connection: Connection, tables: dict[str, Table]) -> list[str]:
    """Write a row into each table that has none; returns which these are."""
    empty = [one for one in tables.values() if not connection.execute(one.select()).first()]
    for table in empty:
        connection.execute(table.insert(), {one.name: _value(one) for one in table.columns})
    return [table.name for table in empty]


def _value(column: Column[Any]) -> Any:
    return next((value for kind, value in VALUES if isinstance(column.type, kind)), WORD)
