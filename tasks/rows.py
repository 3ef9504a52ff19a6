"""What a source hands to the renderers: typed columns, and rows in batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Row = Sequence[object]
"""One row: values in the order of the columns; None is a missing value."""


class ColumnKind(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result; `scale` is the number of decimals of a DECIMAL, else None."""

    name: str
    kind: ColumnKind
    scale: int | None = None


class ResultSet(Protocol):
    """The open result of one query; its rows can be read once."""

    columns: tuple[Column, ...]

    def batches(self, size: int = 5_000) -> Iterator[list[Row]]:
        """Yield the rows in lists of at most `size`; an empty result yields nothing."""
        ...
