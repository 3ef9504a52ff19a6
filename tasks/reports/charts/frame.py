"""What stands around the bars and lines of a chart: its title, what its colours mean, its steps."""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.reports.charts import svg
from tasks.reports.charts.measure import cut, width_of
from tasks.reports.charts.numbers import ticks_written
from tasks.reports.charts.scale import Scale
from tasks.reports.charts.taking import ChartRows
from tasks.reports.render.layout import Language

WIDTH = 720
MARGIN = 20
TITLE_SIZE, LEGEND_SIZE, TICK_SIZE, LABEL_SIZE = 15, 11.5, 11, 11.5
LEGEND_LINE = 20


@dataclass(frozen=True, slots=True)
class Plot:
    """The place of the bars and lines, in pixels from the left and the top."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def x(self, place: float) -> float:
        """Where a number's place on its scale is from the left."""
        return self.left + place * self.width

    def y(self, place: float) -> float:
        """Where a number's place on its scale is from the top."""
        return self.bottom - place * self.height


def heading(title: str, names: Sequence[str]) -> tuple[list[str], float]:
    """Return title and legend, and where they end; one column alone needs no legend."""
    room = WIDTH - 2 * MARGIN
    elements = [
        svg.text(
            MARGIN,
            MARGIN + 12,
            cut(title, TITLE_SIZE, room, bold=True),
            size=TITLE_SIZE,
            fill=svg.INK,
            bold=True,
        )
    ]
    top = MARGIN + 24.0
    if len(names) > 1:
        legend, top = _legend(names, top)
        elements += legend
    return elements, top + 10


def _legend(names: Sequence[str], top: float) -> tuple[list[str], float]:
    elements: list[str] = []
    x, y = float(MARGIN), top + 12
    for name, colour in zip(names, svg.SERIES, strict=False):
        shown = cut(name, LEGEND_SIZE, 200)
        width = 18 + width_of(shown, LEGEND_SIZE) + 18
        if x + width > WIDTH - MARGIN and x > MARGIN:
            x, y = float(MARGIN), y + LEGEND_LINE
        elements.append(svg.rect(x, y - 9, 11, 11, colour, radius=3))
        elements.append(svg.text(x + 17, y, shown, size=LEGEND_SIZE, fill=svg.INK))
        x += width
    return elements, y + 4


def left_of_ticks(scale: Scale, language: Language) -> float:
    """Return where the plot begins, so that the steps fit left of it."""
    written = ticks_written(scale.ticks, language)
    return MARGIN + max(width_of(one, TICK_SIZE) for one in written) + 10


def steps_upwards(plot: Plot, scale: Scale, language: Language) -> list[str]:
    """Return the lines of a scale from the bottom to the top, with their numbers."""
    elements = []
    for tick, written in zip(scale.ticks, ticks_written(scale.ticks, language), strict=True):
        y = plot.y(scale.at(tick))
        colour = svg.OTHERS if tick == 0 else svg.LINE
        elements.append(svg.line(plot.left, y, plot.right, y, colour))
        elements.append(svg.text(plot.left - 8, y + 4, written, size=TICK_SIZE, anchor="end"))
    return elements


def steps_aside(plot: Plot, scale: Scale, language: Language) -> list[str]:
    """Return the lines of a scale from the left to the right, with their numbers below."""
    elements = []
    for tick, written in zip(scale.ticks, ticks_written(scale.ticks, language), strict=True):
        x = plot.x(scale.at(tick))
        colour = svg.OTHERS if tick == 0 else svg.LINE
        elements.append(svg.line(x, plot.top, x, plot.bottom, colour))
        elements.append(svg.text(x, plot.bottom + 17, written, size=TICK_SIZE, anchor="middle"))
    return elements


def labels_below(plot: Plot, rows: ChartRows, lower: float = 0) -> list[str]:
    """Return the labels below their places: as many as have room, at equal distances."""
    slot = plot.width / len(rows.labels)
    widest = max(width_of(label, LABEL_SIZE) for label in rows.labels)
    room = max(slot, min(widest + 14, 120))
    each = max(1, -(-int(room * 100) // int(slot * 100)))
    elements = []
    for place in range(0, len(rows.labels), each):
        shown = cut(rows.labels[place], LABEL_SIZE, room * (1 if each > 1 else 0.96))
        x = plot.left + slot * (place + 0.5)
        half = width_of(shown, LABEL_SIZE) / 2
        x = min(max(x, MARGIN / 2 + half), WIDTH - MARGIN / 2 - half)
        elements.append(
            svg.text(x, plot.bottom + 18 + lower, shown, size=LABEL_SIZE, anchor="middle")
        )
    return elements
