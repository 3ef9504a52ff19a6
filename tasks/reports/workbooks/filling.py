"""The renderer of a template: its own rows give way to those of the query, as they come."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from isal import isal_zlib

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.reports.exact import ExactSum
from tasks.reports.render.layout import SUMMABLE, Layout
from tasks.reports.render.renderer import FileRenderer, by_column
from tasks.reports.render.template import Template
from tasks.reports.render.text import utf8
from tasks.reports.render.xlsx.archive import Archive
from tasks.reports.workbooks.book import opened
from tasks.reports.workbooks.columns import QueryColumn, filled_columns
from tasks.reports.workbooks.growth import LAST_ROW, Growth
from tasks.reports.workbooks.named import values_of
from tasks.reports.workbooks.package import readable
from tasks.reports.workbooks.sheets import FirstRow, first_row_of, parted, too_many
from tasks.reports.workbooks.target import Target, grid_of, target_in
from tasks.reports.workbooks.writing import Filled, Writing
from tasks.rows import Column, Row

CHUNK = 500
"""Rows made into XML at once, as the workbooks of our own are."""
READ = 64_000


class TemplateRenderer(FileRenderer):
    """Fills a template: rows are set aside packed, and put in once their number is known."""

    def __init__(self, path: Path, columns: Sequence[Column], layout: Layout) -> None:
        """Read the template; raises JobError for one that does not fit the query."""
        super().__init__(path, columns)
        self._template = template = layout.template or Template("", b"")
        with self._abandoned_on_error(), told_of(template):
            self._layout = layout
            self._book = opened(template.content)
            self._target: Target = target_in(self._book, template.table)
            self._writing = Writing(self._book)
            self._grid = grid_of(self._book, self._target.sheet)
            self._begin(columns)

    def _begin(self, columns: Sequence[Column]) -> None:
        self._columns, self._rows = columns, 0
        self._first: FirstRow = first_row_of(self._grid, self._target)
        if self._target.is_marked or self._target.table is None:
            formulas = self._first.formulas
        else:
            formulas = self._writing.formulas_of(self._target.table) | self._first.formulas
        self._filled = filled_columns(
            self._target.columns, formulas, self._first.styles, columns, self._layout,
            self._writing.looks, self._target.first,
        )  # fmt: skip
        self._sums = {n: ExactSum() for n, one in enumerate(columns) if one.kind in SUMMABLE}
        self._deflate = isal_zlib.compressobj(level=1, wbits=-15)

    def _write(self, batch: Sequence[Row]) -> None:
        for start in range(0, len(batch), CHUNK):
            values = by_column(self._columns, batch[start : start + CHUNK])
            for n, total in self._sums.items():
                total.add(values[n])
            self._set_aside(values, len(values[0]))

    def _set_aside(self, values: Sequence[Sequence[object]], count: int) -> None:
        first = self._target.first + self._rows
        if first + count - 1 > LAST_ROW:
            raise too_many()
        rows = list(map(str, range(first, first + count)))
        pieces = [one.piece(values, rows) for one in self._filled]
        row = f'<row r="%s"{self._first.attributes}>'
        template = f"{row}{''.join(piece for piece, _ in pieces)}</row>"
        arguments = zip(rows, *(slot for _, slots in pieces for slot in slots), strict=True)
        text = "".join(map(template.__mod__, arguments))
        self._file.write(self._deflate.compress(utf8(text)))
        self._rows += count

    def _finish(self) -> None:
        count = self._rows
        if not count:
            self._set_aside_nothing()
        self._file.write(self._deflate.flush())
        self._file.flush()
        growth = Growth(self._target.sheet, self._target.first, self._target.last, self._rows)
        self._rows = count
        made = self._path.with_name(f"{self._path.name}.book")
        try:
            with told_of(self._template), made.open("wb") as file:
                self._write_book(file, growth)
            made.replace(self._path)
        finally:
            made.unlink(missing_ok=True)

    def _set_aside_nothing(self) -> None:
        """A table of Excel has one row at least: without rows of the query it stays empty."""
        styles = self._first.styles
        cells = (
            f'<c r="{one.letters}{self._target.first}" s="{styles.get(one.letters, 0)}"/>'
            for one in self._filled
        )
        row = f'<row r="{self._target.first}"{self._first.attributes}>{"".join(cells)}</row>'
        self._file.write(self._deflate.compress(utf8(row)))
        self._rows = 1

    def _write_book(self, file: BinaryIO, growth: Growth) -> None:
        totals = {self._columns[n].name: total.value for n, total in self._sums.items()}
        values = values_of(self._layout, self._rows, totals)
        self._writing.fill_names(self._target.sheet, self._grid, self._layout, values)
        before, after = parted(self._grid, self._target, growth, self._sums_of_table())
        filled = Filled(before, self._rows_again, after)
        archive = Archive(file)
        self._writing.write(archive, self._target, growth, filled)
        archive.close()

    def _sums_of_table(self) -> Mapping[str, Decimal]:
        """Return the sums that the table's own totals row shows, by the letters of its columns."""
        if self._target.table is None or not self._target.table.totals:
            return {}
        summed = self._writing.summed_columns(self._target.table)
        return {
            one.letters: self._sums[one.number].value
            for one in self._filled
            if isinstance(one, QueryColumn) and one.letters in summed and one.number in self._sums
        }

    def _rows_again(self) -> Iterator[bytes]:
        """Yield the rows that were set aside."""
        inflate = isal_zlib.decompressobj(wbits=-15)
        with self._path.open("rb") as file:
            while packed := file.read(READ):
                yield inflate.decompress(packed)
        yield inflate.flush()


@contextmanager
def told_of(template: Template) -> Iterator[None]:
    """Turn what is wrong with a template into the failure of the run that uses it."""
    try:
        with readable():
            yield
    except Invalid as error:
        raise JobError(
            "The workbook template “{title}” cannot be filled: {why}",
            kind=ErrorKind.RENDER,
            title=template.title,
            why=error.message,
        ) from error
