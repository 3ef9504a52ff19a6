"""Figures counted while the rows pass, by column and a batch at a time."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, time
from decimal import localcontext
from types import NoneType
from typing import Any

from tasks.reports.exact import EXACT, NUMBERS, ExactSum, exact, finite_numbers
from tasks.reports.figures import NUMERIC, TIMED, Extreme, Figure, Figures
from tasks.reports.render.section import Section
from tasks.rows import Column, Row

TIMES = (date, time)
"""An instant is a kind of date."""


class Tally:
    """Takes the rows and gives their figures; the sections of several companies count together."""

    def __init__(self) -> None:
        self.rows = 0
        self._columns: dict[str, _Counted] = {}
        self._current: list[_Counted] = []

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:  # noqa: ARG002
        """Begin a result; of several columns with one name the first has the figures."""
        fresh = [_Counted(column) for column in columns]
        named = zip(columns, fresh, strict=True)
        self._current = [self._columns.setdefault(column.name, new) for column, new in named]
        for place, counted in enumerate(self._current):
            if counted in self._current[:place]:
                self._current[place] = fresh[place]

    def write(self, batch: Sequence[Row]) -> None:
        self.rows += len(batch)
        if not batch:
            return
        for counted, values in zip(self._current, zip(*batch, strict=True), strict=True):
            counted.add(values)

    def abandon(self) -> None:
        """Nothing was left anywhere."""

    @property
    def figures(self) -> Figures:
        """What has been counted until now."""
        figures = {name: counted.figure for name, counted in self._columns.items()}
        return Figures(self.rows, figures)


class _Counted:
    """The figures of one column as they grow."""

    def __init__(self, column: Column) -> None:
        self._kind, self._scale = column.kind, column.scale
        self._count = 0
        self._sum = ExactSum()
        self._least: Extreme | None = None
        self._largest: Extreme | None = None

    def add(self, values: Sequence[object]) -> None:
        kinds = set(map(type, values))  # cheaper than to compare each value with None
        present = [one for one in values if one is not None] if NoneType in kinds else values
        self._count += len(present) - (present.count("") if str in kinds else 0)
        if self._kind in NUMERIC:
            self._add_numbers(present)
        elif self._kind in TIMED:
            self._add_times(present, kinds)

    @property
    def figure(self) -> Figure:
        total = self._sum.value if self._kind in NUMERIC else None
        return Figure(self._kind, self._count, total, self._least, self._largest, self._scale)

    def _add_numbers(self, values: Sequence[object]) -> None:
        self._sum.add(values)
        with localcontext(EXACT):
            ends = _ends(values)
            if not ends or not all(map(_is_finite, ends)):
                ends = _ends(list(finite_numbers(values)))
            for number in ends:
                self._reach(exact(number))

    def _add_times(self, values: Sequence[object], kinds: set[type]) -> None:
        """Values that have no order among each other are compared with the first one's kind."""
        known: Sequence[object] = values
        if not all(issubclass(kind, TIMES) for kind in kinds if kind is not NoneType):
            known = [value for value in values if isinstance(value, TIMES)]
        for value in _ends(known) or known:
            with suppress(TypeError):
                self._reach(value)

    def _reach(self, value: Any) -> None:
        if self._least is None or value < self._least:
            self._least = value
        if self._largest is None or value > self._largest:
            self._largest = value


def _ends(values: Sequence[Any]) -> tuple[Any, ...]:
    """The least and the largest value; nothing where there is none, or no order."""
    try:
        return (min(values), max(values)) if values else ()
    except TypeError:
        return ()


def _is_finite(number: object) -> bool:
    return isinstance(number, NUMBERS) and exact(number).is_finite()
