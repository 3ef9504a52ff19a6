"""The XLSX renderer: a workbook with one result, or with one after the other."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tasks.errors import ErrorKind, JobError
from tasks.reports.render.layout import Layout
from tasks.reports.render.renderer import FileRenderer, refuse_no_columns
from tasks.reports.render.section import Section
from tasks.reports.render.xlsx.about import write_about
from tasks.reports.render.xlsx.book import Book
from tasks.reports.render.xlsx.grouped import GroupedTable
from tasks.reports.render.xlsx.table import CHUNK, Table
from tasks.reports.render.xlsx.words import continued
from tasks.rows import Column, Row

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384


class XlsxRenderer(FileRenderer):
    """Writes a workbook; rows beyond `max_rows` a sheet go on on the next sheet."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        layout: Layout,
        *,
        section: Section | None = None,
        max_rows: int = MAX_ROWS,
    ) -> None:
        """The sheets are called by the section, or else by the title."""
        _refuse_too_many(columns)
        super().__init__(path, columns)
        self._layout, self._max_rows = layout, max_rows
        self._book, self._rows = Book(self._file), 0
        self._tables: list[Table] = []
        self._table = self._begin(columns, section)

    def next_section(self, section: Section, columns: Sequence[Column]) -> None:
        """Begin the next result on a sheet of its own; the one before is over."""
        with self._abandoned_on_error():
            refuse_no_columns(columns)
            _refuse_too_many(columns)
            self._table.finish()
            self._table = self._begin(columns, section)

    def add_sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Add a sheet beside the results, before `close`; it has no totals, and more may follow.

        Its rows do not count as those of the report, and none of a result can follow it.
        """
        with self._abandoned_on_error():
            refuse_no_columns(columns)
            _refuse_too_many(columns)
            self._table.finish()
            beside = Table(self._book, title, columns, self._layout.beside, self._max_rows)
            following = iter(rows)
            while batch := list(islice(following, CHUNK)):
                beside.write(batch)
            beside.finish()

    def _begin(self, columns: Sequence[Column], section: Section | None) -> Table:
        layout = self._layout.of_section(section)
        title = section.name if section else layout.title
        begin = GroupedTable if layout.has_groups(columns) else Table
        self._tables.append(begin(self._book, title, columns, layout, self._max_rows))
        return self._tables[-1]

    def _write(self, batch: Sequence[Row]) -> None:
        self._table.write(batch)
        self._rows += len(batch)

    def _finish(self) -> None:
        self._table.finish()
        if self._layout.about:
            write_about(self._book, self._told(), rows=self._rows, max_rows=self._max_rows)
        self._book.finish(self._layout.title)

    def _told(self) -> Layout:
        """The layout of the last sheet, which also says what goes on on several sheets."""
        spread = [names for table in self._tables if len(names := table.sheet_names) > 1]
        about = [continued(names, self._layout.language) for names in spread]
        return replace(self._layout.beside, about=(*self._layout.about, *about))


def _refuse_too_many(columns: Sequence[Column]) -> None:
    if len(columns) > MAX_COLUMNS:
        raise JobError(
            "The query gives {columns} columns, and a sheet of Excel holds {most}. "
            "Select fewer, or choose CSV.",
            kind=ErrorKind.RENDER,
            columns=f"{len(columns):,}",
            most=f"{MAX_COLUMNS:,}",
        )
