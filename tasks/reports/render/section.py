"""Several results in one file: a sheet for each, or without sheets, a column that tells which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from tasks.errors import ErrorKind, JobError
from tasks.reports.render.renderer import Renderer, refuse_no_columns
from tasks.rows import Column, ColumnKind, Row


@dataclass(frozen=True, slots=True)
class Section:
    """One of several results in a file; `kind` says in one word what the names are names of.

    It is empty where a name says all by itself. A `further` one is not of the first query. Of
    several companies, `company` is the one that was read.
    """

    name: str
    kind: str
    further: bool = False
    company: str = ""


class SectionRenderer(Renderer, Protocol):
    """Writes several results to one file; a section ends where the next one begins."""

    def next_section(self, section: Section, columns: Sequence[Column]) -> None:
        """Begin the next result; what is written from now on belongs to it."""


class StackedRenderer:
    """The sections one below the other, each row after the name of its section.

    It is for formats without sheets, so all sections must have the same columns.
    """

    def __init__(
        self,
        section: Section,
        columns: Sequence[Column],
        begin: Callable[[Sequence[Column]], Renderer],
    ) -> None:
        refuse_no_columns(columns)
        self._first, self._section = section, section
        self._names = _names(columns)
        self._below = begin([Column(section.kind, ColumnKind.TEXT), *columns])

    def next_section(self, section: Section, columns: Sequence[Column]) -> None:
        if _names(columns) != self._names:
            raise JobError(
                "{second} has other columns than {first}, so they cannot share one file. "
                "Name the same columns in the query, or choose Excel.",
                kind=ErrorKind.RENDER,
                second=section.name,
                first=self._first.name,
            )
        self._section = section

    def write(self, batch: Sequence[Row]) -> None:
        self._below.write([(self._section.name, *row) for row in batch])

    def close(self) -> None:
        self._below.close()

    def abandon(self) -> None:
        self._below.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._below.__exit__(kind, error, trace)


def _names(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]
