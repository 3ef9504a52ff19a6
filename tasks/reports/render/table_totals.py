"""The sums of one table on a page: below each group of sorted rows, and below all of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import localcontext

from tasks.reports.exact import EXACT, ExactSum
from tasks.reports.render.groups import Groups, Key
from tasks.reports.render.layout import Layout
from tasks.reports.render.shown import Shown
from tasks.rows import Column, ColumnKind


@dataclass(frozen=True, slots=True)
class SumRow:
    """The texts of a row of sums; its label has room up to the next of them."""

    texts: Sequence[str]
    label_at: int | None
    """Where the label stands; None where each column has a sum."""

    @property
    def room_of_label(self) -> int:
        """How many columns the label may take."""
        if self.label_at is None:
            return 0
        right = self.texts[self.label_at + 1 :]
        return 1 + next((n for n, text in enumerate(right) if text), len(right))


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows from `start` until before `end`, and the sums of the groups that end before them."""

    sums: Sequence[SumRow]
    start: int
    end: int


class TableTotals:
    """Adds up the columns that the layout names, exactly; without one there are no such rows."""

    def __init__(self, columns: Sequence[Column], layout: Layout) -> None:
        self._columns, self._layout = columns, layout
        self._at = [n for n, column in enumerate(columns) if layout.has_total(column)]
        self._sums = self._new_sums()
        self._groups = None
        if layout.has_groups(columns):
            self._groups = Groups(columns, layout, self._new_sums)
        self._rows = 0

    def add(self, values: Sequence[Sequence[object]]) -> list[Stretch]:
        """Count the values of each column, of the same rows, which stand in these stretches."""
        for n, total in self._sums.items():
            total.add(values[n])
        self._rows += len(values[0])
        if self._groups is None:
            return [Stretch((), 0, len(values[0]))]
        return list(self._stretches(self._groups, values))

    def last_groups(self) -> list[SumRow]:
        """The sums of the groups that end with the table."""
        return [] if self._groups is None else self._ended(self._groups, ())

    @property
    def label_at(self) -> int | None:
        """The first column without a sum; None where each has one, or none has."""
        free = (n for n in range(len(self._columns)) if n not in self._sums)
        return next(free, None) if self._sums else None

    def row(self) -> SumRow | None:
        """The row below all others, with its label in the first free column; None without any."""
        if not (self._sums and self._rows):
            return None
        return self._labelled(self.label_at, self._layout.label_of_totals, self._sums)

    def _stretches(
        self, groups: Groups[ExactSum], values: Sequence[Sequence[object]]
    ) -> Iterator[Stretch]:
        for key, start, end in groups.runs(values):
            ended = self._ended(groups, key)
            for group in groups.open_for(key):
                for n, total in group.totals.items():
                    total.add(values[n][start:end])
            yield Stretch(ended, start, end)

    def _ended(self, groups: Groups[ExactSum], key: Key) -> list[SumRow]:
        return [
            self._labelled(groups.places[group.level], groups.label_of(group), group.totals)
            for group in groups.closed_by(key)
        ]

    def _labelled(self, place: int | None, label: str, sums: Mapping[int, ExactSum]) -> SumRow:
        texts = [""] * len(self._columns)
        if place is not None:
            texts[place] = label
        for n, total in sums.items():
            texts[n] = self._shown(n, total)
        return SumRow(texts, place)

    def _new_sums(self) -> dict[int, ExactSum]:
        return {n: ExactSum() for n in self._at}

    def _shown(self, n: int, total: ExactSum) -> str:
        column = self._columns[n]
        with localcontext(EXACT):
            value = float(total.value) if column.kind is ColumnKind.FLOAT else total.value
        return Shown(column, self._layout).text(value)
