"""Who takes the rows of the one query: the files, and what is counted, drawn or kept of them."""

from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Protocol, Self

from tasks.reports.render.section import Section
from tasks.rows import Column, Row


class Taker(Protocol):
    """Takes the rows batch by batch as they come, so that its memory does not grow with them."""

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:
        """Begin the only result, or the next of several sections."""

    def write(self, batch: Sequence[Row]) -> None:
        """Take rows of the result that was begun last."""

    def abandon(self) -> None:
        """Leave nothing behind: the report has failed, or it is no longer wanted."""


class Together:
    """Several takers of the same rows; an error in the block abandons all of them."""

    def __init__(self, takers: Iterable[Taker]) -> None:
        self._takers = tuple(takers)

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:
        for taker in self._takers:
            taker.begin(columns, section)

    def write(self, batch: Sequence[Row]) -> None:
        for taker in self._takers:
            taker.write(batch)

    def abandon(self) -> None:
        for taker in self._takers:
            taker.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.abandon()
