"""One table on as many pages as its rows need: its heads on each of them, its totals at the end."""

from collections.abc import Sequence

from tasks.reports.render.groups import ending_of_labels, tight_places
from tasks.reports.render.layout import Layout
from tasks.reports.render.pdf.fonts import Face
from tasks.reports.render.pdf.measuring import need_of
from tasks.reports.render.pdf.opening import write_opening
from tasks.reports.render.pdf.pages import Pages
from tasks.reports.render.pdf.paper import PADDING, Plan, Slot, plan_for
from tasks.reports.render.pdf.surface import INK, LINE, NAVY, SHADE, SOFT, Surface, placed
from tasks.reports.render.pdf.words import WORDS
from tasks.reports.render.pdf.wrapping import wrapped
from tasks.reports.render.renderer import by_column
from tasks.reports.render.section import Section
from tasks.reports.render.shown import Shown, visible
from tasks.reports.render.table_totals import SumRow, TableTotals
from tasks.rows import Column, Row

LEADING, ABOVE, BELOW = 1.28, 0.22, 0.26
"""Ems from line to line, and the space above and below the lines of a row."""
ASCENT = 0.93
SAMPLE = 500
"""Rows that are measured."""
SMALLEST_SHARE = 0.7
"""How much smaller than its column a number may be, before it goes on below."""
HEADING = 10.0
TOGETHER = 3
"""Lines of a row that stand together where it goes on on the next page."""
MOST_LINES = 200
"""Of one row, about four pages; a longer text ends in `…`."""


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
        self._plan: Plan | None = None
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
        plan = self._ready(cells)
        self._is_empty = self._is_empty and not batch
        for one in stretches:
            self._draw_subtotals(plan, one.sums)
            self._is_cut = self._is_cut or one.end > room
            if one.start < min(one.end, room):
                self._draw([column[one.start : one.end] for column in cells])

    def finish(self) -> None:
        """Draw the totals below the last row; a second call does nothing."""
        if self._is_finished:
            return
        self._is_finished = True
        plan = self._ready([[] for _ in self._columns])
        self._draw_subtotals(plan, self.totals.last_groups())
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
        pages, bold, slots = self._pages, self._pages.bold, self._slots(plan)
        lines = [
            wrapped(head, slot.room, bold.width, 4)
            for head, slot in zip(self._heads, slots, strict=True)
        ]
        height = self._height(plan, max(map(len, lines)))
        right = pages.left + sum(plan.widths)
        pages.on_page.fill(pages.left, pages.y - height, right - pages.left, height, SHADE)
        self._put(plan, slots, lines, bold, NAVY)
        pages.y -= height
        pages.on_page.line(pages.left, right, pages.y, NAVY, 0.9)

    def _height(self, plan: Plan, lines: int) -> float:
        return plan.size * (lines * LEADING + ABOVE + BELOW)

    def _draw(self, cells: Sequence[Sequence[str]]) -> None:
        """Draw the rows; most of their texts stand on one line."""
        plan, pages, face = self._ready(cells), self._pages, self._pages.regular
        slots = self._slots(plan)
        rooms = [slot.room for slot in slots]
        widths = [list(map(face.width, texts)) for texts in cells]
        fitting = [
            max(column) <= room and not any("\n" in text for text in texts)
            for column, room, texts in zip(widths, rooms, cells, strict=True)
        ]
        drawn = [[face.drawn(text, plan.size) for text in texts] for texts in cells]
        one_line, right = self._height(plan, 1), pages.left + sum(plan.widths)
        edges = [(slot.left, slot.end) for slot in slots]
        plain = all(fitting)
        surface, texts = self._surface(plan, face)
        for row in range(len(cells[0])):
            if not plain:
                lines = self._lines([texts[row] for texts in cells], rooms)
                if lines is not None:
                    self._draw_high(plan, slots, lines)
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

    def _slots(self, plan: Plan) -> list[Slot]:
        slots, left = [], self._pages.left
        for one, width in zip(self._shown, plan.widths, strict=True):
            end = left + width - PADDING if one.is_number else 0.0
            slots.append(Slot(left + PADDING, end, (width - 2 * PADDING) / plan.size))
            left += width
        return slots

    def _lines(self, texts: Sequence[str], rooms: Sequence[float]) -> list[list[str]] | None:
        """The lines of a row's cells; None where each stands on one line as it is."""
        measure = self._pages.regular.width
        if all(
            measure(text) <= room and "\n" not in text
            for text, room in zip(texts, rooms, strict=True)
        ):
            return None
        return [
            [text]
            if one.is_number and measure(text) * SMALLEST_SHARE <= room
            else wrapped(text, room, measure, MOST_LINES)
            for one, text, room in zip(self._shown, texts, rooms, strict=True)
        ]

    def _draw_high(self, plan: Plan, slots: Sequence[Slot], lines: Sequence[Sequence[str]]) -> None:
        """Draw a row of several lines, together; one of more than half a page goes over pages."""
        pages, face = self._pages, self._pages.regular
        height = self._height(plan, max(map(len, lines)))
        if pages.room < height and height < pages.whole_room / 2:
            self._turn(plan)
        while any(lines):
            fitting = max(int((pages.room / plan.size - ABOVE - BELOW) / LEADING), 0)
            if fitting < min(max(map(len, lines)), TOGETHER):
                self._turn(plan)
                continue
            here = [one[:fitting] for one in lines]
            self._put(plan, slots, here, face, INK)
            pages.y -= self._height(plan, max(map(len, here)))
            lines = [one[fitting:] for one in lines]
        pages.on_page.line(pages.left, pages.left + sum(plan.widths), pages.y, LINE, 0.4)

    def _put(
        self,
        plan: Plan,
        slots: Sequence[Slot],
        lines: Sequence[Sequence[str]],
        face: Face,
        color: str,
    ) -> None:
        """Draw the lines of a row's cells, from the top of the row."""
        for slot, texts in zip(slots, lines, strict=True):
            base = self._pages.y - plan.size * (ABOVE + ASCENT)
            for text in texts:
                width = face.width(text)
                size = plan.size * min(1.0, slot.room / width if width else 1.0)
                x = slot.end - width * size if slot.end else slot.left
                drawn = placed(x, base, face.drawn(text, size))
                self._pages.on_page.texts(face.name, size, color).append(drawn)
                base -= plan.size * LEADING

    def _turn(self, plan: Plan) -> None:
        self._pages.turn(plan.paper)
        self._draw_heads(plan)

    def _draw_subtotals(self, plan: Plan, sums: Sequence[SumRow]) -> None:
        """Draw the sums of groups that have ended, while all rows before them are shown."""
        for one in () if self._is_cut else sums:
            height, right = self._draw_sums(plan, one, SHADE), self._pages.left + sum(plan.widths)
            self._pages.on_page.line(self._pages.left, right, self._pages.y + height, NAVY, 0.5)
            self._pages.on_page.line(self._pages.left, right, self._pages.y, LINE, 0.4)

    def _draw_totals(self, plan: Plan, totals: SumRow) -> None:
        pages, right = self._pages, self._pages.left + sum(plan.widths)
        height = self._draw_sums(plan, totals)
        pages.on_page.line(pages.left, right, pages.y + height, NAVY, 0.9)
        for gap in (0.0, 1.6):
            pages.on_page.line(pages.left, right, pages.y - gap, NAVY, 0.5)
        pages.y -= 3

    def _draw_sums(self, plan: Plan, sums: SumRow, fill: str = "") -> float:
        """Draw a row of sums, on a fill where there is one; returns its height in points."""
        pages, bold = self._pages, self._pages.bold
        slots = self._slots(plan)
        if sums.label_at is not None:
            after = sums.label_at + sums.room_of_label
            room = (sum(plan.widths[sums.label_at : after]) - 2 * PADDING) / plan.size
            slots[sums.label_at] = Slot(slots[sums.label_at].left, 0.0, room)
        lines = [
            [visible(text)]
            if bold.width(text) * SMALLEST_SHARE <= slot.room
            else wrapped(visible(text), slot.room, bold.width, 4)
            for text, slot in zip(sums.texts, slots, strict=True)
        ]
        height = self._height(plan, max(map(len, lines)))
        if pages.room < height + 3:
            self._turn(plan)
        if fill:
            width = sum(plan.widths)
            pages.on_page.fill(pages.left, pages.y - height, width, height, fill)
        self._put(plan, slots, lines, bold, INK)
        pages.y -= height
        return height
