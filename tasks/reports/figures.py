"""What the rows of a report come to: how many, and by column the sum, the least, the largest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from tasks.errors import ErrorKind, JobError
from tasks.rows import ColumnKind

Extreme = Decimal | date | datetime | time

NUMERIC = frozenset({ColumnKind.DECIMAL, ColumnKind.INTEGER, ColumnKind.FLOAT})
TIMED = frozenset({ColumnKind.DATE, ColumnKind.DATETIME, ColumnKind.TIME})


@dataclass(frozen=True, slots=True)
class Figure:
    """What one column comes to; `total` is None where it holds no numbers."""

    kind: ColumnKind
    count: int = 0
    """How many values are not empty."""
    total: Decimal | None = None
    least: Extreme | None = None
    largest: Extreme | None = None
    scale: int | None = None
    """The decimals of its numbers, where the source says."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of all rows; a column that is not there is a JobError that names those that are.

    Numbers are exact decimals. Text and yes-or-no have neither least nor largest.
    """

    rows: int = 0
    columns: Mapping[str, Figure] = field(default_factory=dict)

    def total(self, name: str) -> Decimal:
        """The sum of a column of numbers; 0 without any."""
        total = self._of(name).total
        if total is None:
            raise JobError(
                "The column “{name}” cannot be added up: it holds no numbers. Correct it in the "
                "task.",
                kind=ErrorKind.SQL,
                name=name,
            )
        return total

    def least(self, name: str) -> Extreme | None:
        """The least value of numbers, dates or times; None without any."""
        return self._ordered(name).least

    def largest(self, name: str) -> Extreme | None:
        """The largest value of numbers, dates or times; None without any."""
        return self._ordered(name).largest

    def count(self, name: str) -> int:
        """How many values of the column are neither NULL nor an empty text."""
        return self._of(name).count

    def scale(self, name: str) -> int | None:
        """The decimals of the column's numbers, where the source says."""
        return self._of(name).scale

    def as_json(self) -> dict[str, Any]:
        """The columns with exact texts, as `from_json` reads them again."""
        return {name: _kept(figure) for name, figure in self.columns.items()}

    @classmethod
    def from_json(cls, rows: int, kept: Mapping[str, Any]) -> "Figures":
        """The figures of a run as its result keeps them."""
        return cls(rows, {name: _read(figure) for name, figure in kept.items()})

    def _of(self, name: str) -> Figure:
        figure = self.columns.get(name)
        if figure is None:
            raise JobError(
                "There is no column “{name}” in the result. The query gives: {known}. Correct the "
                "name in the task.",
                kind=ErrorKind.SQL,
                name=name,
                known=", ".join(self.columns),
            )
        return figure

    def _ordered(self, name: str) -> Figure:
        figure = self._of(name)
        if figure.kind not in NUMERIC | TIMED:
            raise JobError(
                "The column “{name}” has no least or largest value: it holds neither numbers nor "
                "dates. Correct it in the task.",
                kind=ErrorKind.SQL,
                name=name,
            )
        return figure


def _kept(figure: Figure) -> dict[str, Any]:
    values = {"total": figure.total, "least": figure.least, "largest": figure.largest}
    texts = {name: _text(value) for name, value in values.items() if value is not None}
    scale = {} if figure.scale is None else {"scale": figure.scale}
    return {"kind": figure.kind.value, "count": figure.count} | texts | scale


def _text(value: Extreme) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat()


def _read(kept: Mapping[str, Any]) -> Figure:
    kind = ColumnKind(kept["kind"])
    total, least, largest = (kept.get(name) for name in ("total", "least", "largest"))
    return Figure(
        kind,
        kept["count"],
        None if total is None else Decimal(total),
        None if least is None else _extreme(kind, least),
        None if largest is None else _extreme(kind, largest),
        kept.get("scale"),
    )


def _extreme(kind: ColumnKind, text: str) -> Extreme:
    if kind in NUMERIC:
        return Decimal(text)
    if "T" in text:
        return datetime.fromisoformat(text)
    return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)
