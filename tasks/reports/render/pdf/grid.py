"""The lines and columns of one table on its pages: its heads, its rows, its sums."""

from collections.abc import Iterator, Sequence

from tasks.reports.render.pdf.fonts import Face
from tasks.reports.render.pdf.pages import Pages
from tasks.reports.render.pdf.paper import PADDING, Plan, Slot
from tasks.reports.render.pdf.surface import INK, LINE, NAVY, SHADE, Surface, placed
from tasks.reports.render.pdf.wrapping import wrapped
from tasks.reports.render.shown import visible
from tasks.reports.render.table_totals import SumRow

LEADING, ABOVE, BELOW = 1.28, 0.22, 0.26
"""Ems from line to line, and the space above and below the lines of a row."""
ASCENT = 0.93
SMALLEST_SHARE = 0.7
"""How much smaller than its column a number may be, before it goes on below."""
TOGETHER = 3
"""Lines of a row that stand together where it goes on on the next page."""
MOST_LINES = 200
"""Of one row, about four pages; a longer text ends in `…`."""


class Grid:
    """Draws a table as it is planned; after a full page comes one with the same heads."""

    def __init__(
        self, pages: Pages, plan: Plan, heads: Sequence[str], numbers: Sequence[bool]
    ) -> None:
        """`numbers` tells of each column whether its texts stand on the right."""
        self._pages, self._heads, self._numbers = pages, heads, numbers
        self.size, self._paper, self._widths = plan.size, plan.paper, plan.widths
        self._width = sum(plan.widths)
        self._slots = list(self._planned_slots())

    @property
    def _right(self) -> float:
        return self._pages.left + self._width

    def draw_heads(self) -> None:
        """Draw the heads of the columns where the page is now."""
        pages, bold = self._pages, self._pages.bold
        lines = [
            wrapped(head, slot.room, bold.width, 4)
            for head, slot in zip(self._heads, self._slots, strict=True)
        ]
        height = self._height(max(map(len, lines)))
        pages.on_page.fill(pages.left, pages.y - height, self._width, height, SHADE)
        self._put(self._slots, lines, bold, NAVY)
        pages.y -= height
        pages.on_page.line(pages.left, self._right, pages.y, NAVY, 0.9)

    def draw_rows(self, cells: Sequence[Sequence[str]]) -> None:
        """Draw the rows; most of their texts stand on one line."""
        pages, face = self._pages, self._pages.regular
        rooms = [slot.room for slot in self._slots]
        widths = [list(map(face.width, texts)) for texts in cells]
        fitting = [
            max(column) <= room and not any("\n" in text for text in texts)
            for column, room, texts in zip(widths, rooms, cells, strict=True)
        ]
        drawn = [[face.drawn(text, self.size) for text in texts] for texts in cells]
        one_line, right = self._height(1), self._right
        edges = [(slot.left, slot.end) for slot in self._slots]
        plain = all(fitting)
        surface, texts = self._surface(face)
        for row in range(len(cells[0])):
            if not plain:
                lines = self._lines([texts[row] for texts in cells], rooms)
                if lines is not None:
                    self._draw_high(lines)
                    surface, texts = self._surface(face)
                    continue
            if pages.room < one_line:
                self._turn()
                surface, texts = self._surface(face)
            base = pages.y - self.size * (ABOVE + ASCENT)
            for n, (left, end) in enumerate(edges):
                if cells[n][row]:
                    x = end - widths[n][row] * self.size if end else left
                    texts.append(f"1 0 0 1 {x:.2f} {base:.2f} Tm {drawn[n][row]}")
            pages.y -= one_line
            surface.line(pages.left, right, pages.y, LINE, 0.4)

    def draw_subtotals(self, sums: SumRow) -> None:
        """Draw the sums of a group."""
        page_left = self._pages.left
        height = self._draw_sums(sums, SHADE)
        self._pages.on_page.line(page_left, self._right, self._pages.y + height, NAVY, 0.5)
        self._pages.on_page.line(page_left, self._right, self._pages.y, LINE, 0.4)

    def draw_totals(self, sums: SumRow) -> None:
        """Draw the sums below all rows."""
        pages = self._pages
        height = self._draw_sums(sums)
        pages.on_page.line(pages.left, self._right, pages.y + height, NAVY, 0.9)
        for gap in (0.0, 1.6):
            pages.on_page.line(pages.left, self._right, pages.y - gap, NAVY, 0.5)
        pages.y -= 3

    def _draw_sums(self, sums: SumRow, fill: str = "") -> float:
        """Draw a row of sums, on a fill where there is one; returns its height in points."""
        pages, bold = self._pages, self._pages.bold
        slots = list(self._slots)
        if sums.label_at is not None:
            after = sums.label_at + sums.room_of_label
            room = (sum(self._widths[sums.label_at : after]) - 2 * PADDING) / self.size
            slots[sums.label_at] = Slot(slots[sums.label_at].left, 0.0, room)
        lines = [
            [visible(text)]
            if bold.width(text) * SMALLEST_SHARE <= slot.room
            else wrapped(visible(text), slot.room, bold.width, 4)
            for text, slot in zip(sums.texts, slots, strict=True)
        ]
        height = self._height(max(map(len, lines)))
        if pages.room < height + 3:
            self._turn()
        if fill:
            pages.on_page.fill(pages.left, pages.y - height, self._width, height, fill)
        self._put(slots, lines, bold, INK)
        pages.y -= height
        return height

    def _height(self, lines: int) -> float:
        return self.size * (lines * LEADING + ABOVE + BELOW)

    def _surface(self, face: Face) -> tuple[Surface, list[str]]:
        surface = self._pages.on_page
        return surface, surface.texts(face.name, self.size, INK)

    def _planned_slots(self) -> Iterator[Slot]:
        left = self._pages.left
        for is_number, width in zip(self._numbers, self._widths, strict=True):
            end = left + width - PADDING if is_number else 0.0
            yield Slot(left + PADDING, end, (width - 2 * PADDING) / self.size)
            left += width

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
            if is_number and measure(text) * SMALLEST_SHARE <= room
            else wrapped(text, room, measure, MOST_LINES)
            for is_number, text, room in zip(self._numbers, texts, rooms, strict=True)
        ]

    def _draw_high(self, lines: Sequence[Sequence[str]]) -> None:
        """Draw a row of several lines, together; one of more than half a page goes over pages."""
        pages, face = self._pages, self._pages.regular
        height = self._height(max(map(len, lines)))
        if pages.room < height and height < pages.whole_room / 2:
            self._turn()
        while any(lines):
            fitting = max(int((pages.room / self.size - ABOVE - BELOW) / LEADING), 0)
            if fitting < min(max(map(len, lines)), TOGETHER):
                self._turn()
                continue
            here = [one[:fitting] for one in lines]
            self._put(self._slots, here, face, INK)
            pages.y -= self._height(max(map(len, here)))
            lines = [one[fitting:] for one in lines]
        pages.on_page.line(pages.left, self._right, pages.y, LINE, 0.4)

    def _put(
        self,
        slots: Sequence[Slot],
        lines: Sequence[Sequence[str]],
        face: Face,
        color: str,
    ) -> None:
        """Draw the lines of a row's cells, from the top of the row."""
        for slot, texts in zip(slots, lines, strict=True):
            base = self._pages.y - self.size * (ABOVE + ASCENT)
            for text in texts:
                width = face.width(text)
                size = self.size * min(1.0, slot.room / width if width else 1.0)
                x = slot.end - width * size if slot.end else slot.left
                drawn = placed(x, base, face.drawn(text, size))
                self._pages.on_page.texts(face.name, size, color).append(drawn)
                base -= self.size * LEADING

    def _turn(self) -> None:
        self._pages.turn(self._paper)
        self.draw_heads()
