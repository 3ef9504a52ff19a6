"""The first rows of a report, kept to be shown in its mail."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.reports.render.section import Section
from tasks.rows import Column, Row


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of the first result, as they came."""

    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()


class FirstRows:
    """Takes the rows and keeps the first so many of the first result."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._results = 0
        self._columns: Sequence[Column] = ()
        self._rows: list[Row] = []

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:  # noqa: ARG002
        self._results += 1
        if self._results == 1:
            self._columns = columns

    def write(self, batch: Sequence[Row]) -> None:
        if self._results == 1 and len(self._rows) < self._most:
            self._rows += batch[: self._most - len(self._rows)]

    def abandon(self) -> None:
        """Nothing was left anywhere."""

    @property
    def sample(self) -> Sample:
        """What was kept."""
        return Sample(self._columns, tuple(self._rows))
