"""One table on as many pages as its rows need: its heads on each of them, its totals at the end."""

from collections.abc import Sequence

from tasks.reports.render.layout import Layout
from tasks.reports.render.pdf.fonts import Face
from tasks.reports.render.pdf.measuring import need_of
from tasks.reports.render.pdf.opening import write_opening
from tasks.reports.render.pdf.pages import Pages
from tasks.reports.render.pdf.paper import PADDING, Plan, plan_for
from tasks.reports.render.pdf.surface import INK, LINE, NAVY, SHADE, SOFT, Surface, placed
from tasks.reports.render.pdf.words import WORDS
from tasks.reports.render.pdf.wrapping import wrapped
from tasks.reports.render.renderer import by_column
from tasks.reports.render.section import Section
from tasks.reports.render.shown import Shown, visible
from tasks.reports.render.table_totals import TableTotals
from tasks.rows import Column, Row

LEADING, ABOVE, BELOW = 1.28, 0.22, 0.26
"""Ems from line to line, and the space above and below the lines of a row."""
ASCENT = 0.93
SAMPLE = 500
"""Rows that are measured."""
SMALLEST_SHARE = 0.7
"""How much smaller than its column a number may be, before it goes on below."""
HEADING = 10.0


class PdfTable:
    """Rows of one result; `totals` counts also those that are not shown."""

    def __init__(
        self, pages: Pages, columns: Sequence[Column], layout: Layout, section: Section | None
    ) -> None:
        self._pages, self._columns, self._layout = pages, columns, layout
        self._section = section
        named = [layout.looks.shown(column) for column in columns]
        self._shown = [Shown(column, layout) for column in named]
        self._heads = [visible(column.name) for column in named]
        self.totals = TableTotals(columns, layout)
        self._plan: Plan | None = None
        self._is_empty, self._is_finished = True, False

    def write(self, batch: Sequence[Row], room: int) -> None:
        """Show the first `room` of the rows, and count all of them."""
        values = by_column(self._columns, batch)
        self.totals.add(values)
        cells = [
            [visible(text) for text in one.texts(column[:room])]
            for one, column in zip(self._shown, values, strict=True)
        ]
        self._ready(cells)
        self._is_empty = self._is_empty and not batch
        if room and batch:
            self._draw(cells)

    def finish(self) -> None:
        """Draw the totals below the last row; a second call does nothing."""
        if self._is_finished:
            return
        self._is_finished = True
        plan = self._ready([[] for _ in self._columns])
        totals = self.totals.row()
        if totals:
            self._draw_totals(plan, totals)
        elif self._is_empty:
            words = WORDS[self._layout.language].no_rows
            self._pages.y -= plan.size * LEADING
            self._pages.write(words, self._pages.left + PADDING, size=plan.size, color=SOFT)
        self._pages.y -= 2 * plan.size

    def _ready(self, sample: Sequence[Sequence[str]]) -> Plan:
        """The plan of the table; the first rows make it, and with it the table begins."""
        if self._plan is None:
            self._plan = self._planned(sample)
            self._draw_beginning(self._plan)
        return self._plan

    def _planned(self, sample: Sequence[Sequence[str]]) -> Plan:
        regular, bold = self._pages.regular, self._pages.bold
        needs = [
            need_of(
                self._heads[n],
                texts[:SAMPLE],
                regular=regular,
                bold=bold,
                is_number=self._shown[n].is_number,
                total=self._layout.has_total(self._columns[n]),
            )
            for n, texts in enumerate(sample)
        ]
        return plan_for(needs)

    def _draw_beginning(self, plan: Plan) -> None:
        wanted = (8 if self._section else 6) * plan.size * LEADING
        if self._pages.surface is None:
            self._pages.turn(plan.paper)
            write_opening(self._pages, self._layout)
        elif self._pages.paper != plan.paper or self._pages.room < wanted:
            self._pages.turn(plan.paper)
        if self._section:
            self._draw_heading(self._section)
        self._draw_heads(plan)

    def _draw_heading(self, section: Section) -> None:
        pages = self._pages
        pages.y -= HEADING * 1.2
        kind = f"{visible(section.kind)}: " if section.kind else ""
        pages.write(kind, pages.left, size=HEADING, color=SOFT)
        start = pages.left + pages.regular.width(kind) * HEADING
        pages.write(visible(section.name), start, size=HEADING, bold=True)
        pages.y -= HEADING * 0.6

    def _draw_heads(self, plan: Plan) -> None:
        pages, bold = self._pages, self._pages.bold
        lines = [
            wrapped(head, (width - 2 * PADDING) / plan.size, bold.width, 4)
            for head, width in zip(self._heads, plan.widths, strict=True)
        ]
        height = self._height(plan, max(map(len, lines)))
        right = pages.left + sum(plan.widths)
        pages.on_page.fill(pages.left, pages.y - height, right - pages.left, height, SHADE)
        self._put(plan, lines, bold, NAVY, top=pages.y)
        pages.y -= height
        pages.on_page.line(pages.left, right, pages.y, NAVY, 0.9)

    def _height(self, plan: Plan, lines: int) -> float:
        return plan.size * (lines * LEADING + ABOVE + BELOW)

    def _draw(self, cells: Sequence[Sequence[str]]) -> None:
        """Draw the rows; most of their texts stand on one line."""
        plan, pages, face = self._ready(cells), self._pages, self._pages.regular
        rooms = [(width - 2 * PADDING) / plan.size for width in plan.widths]
        widths = [list(map(face.width, texts)) for texts in cells]
        fitting = [
            max(column) <= room and not any("\n" in text for text in texts)
            for column, room, texts in zip(widths, rooms, cells, strict=True)
        ]
        drawn = [[face.drawn(text, plan.size) for text in texts] for texts in cells]
        one_line, right = self._height(plan, 1), pages.left + sum(plan.widths)
        edges = self._edges(plan)
        plain = all(fitting)
        surface, texts = self._surface(plan, face)
        for row in range(len(cells[0])):
            if not plain:
                lines = self._lines(plan, [texts[row] for texts in cells], rooms)
                if lines is not None:
                    self._draw_high(plan, lines, right)
                    surface, texts = self._surface(plan, face)
                    continue
            if pages.room < one_line:
                self._turn(plan)
                surface, texts = self._surface(plan, face)
            base = pages.y - plan.size * (ABOVE + ASCENT)
            for n, (left, end) in enumerate(edges):
                if cells[n][row]:
                    x = end - widths[n][row] * plan.size if end else left
                    texts.append(f"1 0 0 1 {x:.2f} {base:.2f} Tm {drawn[n][row]}")
            pages.y -= one_line
            surface.line(pages.left, right, pages.y, LINE, 0.4)

    def _surface(self, plan: Plan, face: Face) -> tuple[Surface, list[str]]:
        surface = self._pages.on_page
        return surface, surface.texts(face.name, plan.size, INK)

    def _edges(self, plan: Plan) -> list[tuple[float, float]]:
        """Where a cell's text begins, and where a number's ends: 0 for a text."""
        edges, left = [], self._pages.left
        for one, width in zip(self._shown, plan.widths, strict=True):
            end = left + width - PADDING if one.is_number else 0.0
            edges.append((left + PADDING, end))
            left += width
        return edges

    def _lines(
        self, plan: Plan, texts: Sequence[str], rooms: Sequence[float]
    ) -> list[list[str]] | None:
        """The lines of a row's cells; None where each stands on one line as it is."""
        measure = self._pages.regular.width
        if all(
            measure(text) <= room and "\n" not in text
            for text, room in zip(texts, rooms, strict=True)
        ):
            return None
        most = max(int(self._pages.whole_room / (plan.size * LEADING)) - 6, 1)
        return [
            [text]
            if one.is_number and measure(text) * SMALLEST_SHARE <= room
            else wrapped(text, room, measure, most)
            for one, text, room in zip(self._shown, texts, rooms, strict=True)
        ]

    def _draw_high(self, plan: Plan, lines: Sequence[Sequence[str]], right: float) -> None:
        height = self._height(plan, max(map(len, lines)))
        if self._pages.room < height:
            self._turn(plan)
        self._put(plan, lines, self._pages.regular, INK, top=self._pages.y)
        self._pages.y -= height
        self._pages.on_page.line(self._pages.left, right, self._pages.y, LINE, 0.4)

    def _put(
        self, plan: Plan, lines: Sequence[Sequence[str]], face: Face, color: str, *, top: float
    ) -> None:
        """Draw the lines of a row's cells, from the top of the row."""
        for n, (left, end) in enumerate(self._edges(plan)):
            base = top - plan.size * (ABOVE + ASCENT)
            for text in lines[n]:
                width = face.width(text)
                room = plan.widths[n] - 2 * PADDING
                size = min(plan.size, room / width) if width else plan.size
                x = end - width * size if end else left
                drawn = placed(x, base, face.drawn(text, size))
                self._pages.on_page.texts(face.name, size, color).append(drawn)
                base -= plan.size * LEADING

    def _turn(self, plan: Plan) -> None:
        self._pages.turn(plan.paper)
        self._draw_heads(plan)

    def _draw_totals(self, plan: Plan, totals: Sequence[str]) -> None:
        pages = self._pages
        rooms = [(width - 2 * PADDING) / plan.size for width in plan.widths]
        bold = pages.bold
        lines = [
            [visible(text)]
            if bold.width(text) * SMALLEST_SHARE <= room
            else wrapped(visible(text), room, bold.width, 4)
            for text, room in zip(totals, rooms, strict=True)
        ]
        height = self._height(plan, max(map(len, lines)))
        if pages.room < height + 3:
            self._turn(plan)
        right = pages.left + sum(plan.widths)
        pages.on_page.line(pages.left, right, pages.y, NAVY, 0.9)
        self._put(plan, lines, bold, INK, top=pages.y)
        pages.y -= height
        for gap in (0.0, 1.6):
            pages.on_page.line(pages.left, right, pages.y - gap, NAVY, 0.5)
        pages.y -= 3
