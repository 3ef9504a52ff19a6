"""One table on as many pages as its rows need: its heads on each of them, its totals at the end."""

from collections.abc import Sequence

from tasks.reports.render.groups import ending_of_labels, tight_places
from tasks.reports.render.layout import Layout
from tasks.reports.render.pdf.grid import LEADING, Grid
from tasks.reports.render.pdf.measuring import need_of
from tasks.reports.render.pdf.opening import write_opening
from tasks.reports.render.pdf.pages import Pages
from tasks.reports.render.pdf.paper import PADDING, Plan, plan_for
from tasks.reports.render.pdf.surface import SOFT
from tasks.reports.render.pdf.words import WORDS
from tasks.reports.render.renderer import by_column
from tasks.reports.render.section import Section
from tasks.reports.render.shown import Shown, visible
from tasks.reports.render.table_totals import SumRow, TableTotals
from tasks.rows import Column, Row

SAMPLE = 500
"""Rows that are measured."""
HEADING = 10.0


class PdfTable:
    """Rows of one result; `totals` counts also those that are not shown."""

    def __init__(
        self, pages: Pages, columns: Sequence[Column], layout: Layout, section: Section | None
    ) -> None:
        self._pages, self._columns, self._layout = pages, columns, layout
        self._section = section
        self._shown = [Shown(column, layout) for column in columns]
        self._heads = [visible(layout.looks.shown(column).name) for column in columns]
        self.totals = TableTotals(columns, layout)
        self._grid: Grid | None = None
        self._is_empty, self._is_finished = True, False
        self._is_cut = False
        """Whether some of the rows are not shown, so that the sums after them are not either."""

    def write(self, batch: Sequence[Row], room: int) -> None:
        """Show the first `room` of the rows, and count all of them."""
        values = by_column(self._columns, batch)
        stretches = self.totals.add(values)
        cells = [
            [visible(text) for text in one.texts(column[:room])]
            for one, column in zip(self._shown, values, strict=True)
        ]
        grid = self._ready(cells)
        self._is_empty = self._is_empty and not batch
        for one in stretches:
            self._draw_subtotals(grid, one.sums)
            self._is_cut = self._is_cut or one.end > room
            if one.start < min(one.end, room):
                grid.draw_rows([column[one.start : one.end] for column in cells])

    def finish(self) -> None:
        """Draw the totals below the last row; a second call does nothing."""
        if self._is_finished:
            return
        self._is_finished = True
        grid = self._ready([[] for _ in self._columns])
        self._draw_subtotals(grid, self.totals.last_groups())
        totals = self.totals.row()
        if totals:
            grid.draw_totals(totals)
        elif self._is_empty:
            words = WORDS[self._layout.language].no_rows
            self._pages.y -= grid.size * LEADING
            self._pages.write(words, self._pages.left + PADDING, size=grid.size, color=SOFT)
        self._pages.y -= 2 * grid.size

    def _ready(self, sample: Sequence[Sequence[str]]) -> Grid:
        """The grid of the table; the first rows plan it, and with it the table begins."""
        if self._grid is None:
            plan = self._planned(sample)
            numbers = [one.is_number for one in self._shown]
            self._grid = Grid(self._pages, plan, self._heads, numbers)
            self._draw_beginning(plan)
            self._grid.draw_heads()
        return self._grid

    def _planned(self, sample: Sequence[Sequence[str]]) -> Plan:
        regular, bold = self._pages.regular, self._pages.bold
        needs = [
            need_of(
                self._heads[n],
                self._with_labels(n, texts[:SAMPLE]),
                regular=regular,
                bold=bold,
                is_number=self._shown[n].is_number,
                total=self._layout.has_total(self._columns[n]),
            )
            for n, texts in enumerate(sample)
        ]
        return plan_for(needs)

    def _with_labels(self, n: int, texts: Sequence[str]) -> Sequence[str]:
        """The texts of a column, and of the labels of sums that stand in it."""
        if n in tight_places(self._columns, self._layout):
            texts = [text + ending_of_labels(self._layout) for text in texts]
        label = [self._layout.label_of_totals] if n == self.totals.label_at else []
        return [*texts, *label]

    def _draw_beginning(self, plan: Plan) -> None:
        wanted = (8 if self._section else 6) * plan.size * LEADING
        if self._pages.surface is None:
            self._pages.turn(plan.paper)
            write_opening(self._pages, self._layout)
        elif self._pages.paper != plan.paper or self._pages.room < wanted:
            self._pages.turn(plan.paper)
        if self._section:
            self._draw_heading(self._section)

    def _draw_heading(self, section: Section) -> None:
        pages = self._pages
        pages.y -= HEADING * 1.2
        kind = f"{visible(section.kind)}: " if section.kind else ""
        pages.write(kind, pages.left, size=HEADING, color=SOFT)
        start = pages.left + pages.regular.width(kind) * HEADING
        pages.write(visible(section.name), start, size=HEADING, bold=True)
        pages.y -= HEADING * 0.6

    def _draw_subtotals(self, grid: Grid, sums: Sequence[SumRow]) -> None:
        """Draw the sums of groups that have ended, while all rows before them are shown."""
        for one in () if self._is_cut else sums:
            grid.draw_subtotals(one)
