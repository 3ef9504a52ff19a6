"""The PDF renderer: the first rows as pages, with what the report is on the first of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from tasks.reports.render.layout import Layout
from tasks.reports.render.pdf.pages import Pages
from tasks.reports.render.pdf.paper import A4
from tasks.reports.render.pdf.table import PdfTable
from tasks.reports.render.pdf.words import notice_of
from tasks.reports.render.pdf.wrapping import wrapped
from tasks.reports.render.pictures import Picture
from tasks.reports.render.renderer import FileRenderer, in_batches, refuse_no_columns
from tasks.reports.render.section import Section
from tasks.reports.render.shown import count_shown
from tasks.rows import Column, Row

NOTICE = 8.5


class PdfRenderer(FileRenderer):
    """Shows up to `layout.pdf_max_rows` rows; of more it says so on the last page, in words."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        layout: Layout,
        *,
        section: Section | None = None,
    ) -> None:
        super().__init__(path, columns)
        self._layout, self._rows = layout, 0
        self._has_totals = False
        self._pictures: tuple[Picture, ...] = ()
        with self._abandoned_on_error():
            self._pages = Pages(self._file, layout)
            self._table = self._begin(columns, section)

    def next_section(self, section: Section, columns: Sequence[Column]) -> None:
        """End the table before, and begin the next one under its name."""
        with self._abandoned_on_error():
            refuse_no_columns(columns)
            self._table.finish()
            self._table = self._begin(columns, section)

    def add_sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Add a table after those of the results, of as many rows again; it has no totals."""
        with self._abandoned_on_error():
            refuse_no_columns(columns)
            self._table.finish()
            beside = self._layout.beside
            self._table = PdfTable(self._pages, columns, beside, Section(title, ""))
            count = 0
            for batch in in_batches(rows):
                self._table.write(batch, max(self._layout.pdf_max_rows - count, 0))
                count += len(batch)
            self._table.finish()
            self._write_notice(self._notice_of(count, totals=False))

    def add_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show each on a page of its own after the rows; to be called before `close`."""
        self._pictures = tuple(pictures)

    @property
    def notice(self) -> str:
        """What the pages do not show, and where it is; empty while they show all."""
        return self._notice_of(self._rows, totals=self._has_totals)

    def _notice_of(self, rows: int, *, totals: bool) -> str:
        if rows <= self._layout.pdf_max_rows:
            return ""
        language = self._layout.language
        return notice_of(
            language,
            shown=count_shown(self._layout.pdf_max_rows, language),
            rows=count_shown(rows, language),
            whole_in=self._layout.whole_in,
            totals=totals,
        )

    def _begin(self, columns: Sequence[Column], section: Section | None) -> PdfTable:
        self._has_totals |= self._layout.has_totals(columns)
        layout = self._layout.of_section(section)
        return PdfTable(self._pages, columns, layout, section)

    def _write(self, batch: Sequence[Row]) -> None:
        if not batch:
            return
        room = max(self._layout.pdf_max_rows - self._rows, 0)
        self._table.write(batch, room)
        self._rows += len(batch)

    def _finish(self) -> None:
        self._table.finish()
        self._write_notice(self.notice)
        for picture in self._pictures:
            self._pages.add_picture(picture)
        self._pages.finish()

    def _write_notice(self, notice: str) -> None:
        if not notice:
            return
        pages = self._pages
        room = (min(pages.paper[0], A4[1]) - 2 * pages.left) / NOTICE
        lines = wrapped(notice, room, pages.bold.width, 8)
        if pages.room < (len(lines) + 1) * NOTICE * 1.4:
            pages.turn(pages.paper)
        for line in lines:
            pages.y -= NOTICE * 1.4
            pages.write(line, pages.left, size=NOTICE, bold=True)
        pages.y -= 2 * NOTICE
