"""Bars that stand: for few labels that are short, and for days in their order."""

from tasks.reports.charts import svg
from tasks.reports.charts.frame import (
    LABEL_SIZE,
    MARGIN,
    WIDTH,
    Plot,
    labels_below,
    left_of_ticks,
    steps_upwards,
)
from tasks.reports.charts.measure import width_of
from tasks.reports.charts.numbers import short
from tasks.reports.charts.pieces import Piece, ends_of, pieces_of, total_of
from tasks.reports.charts.scale import Scale, scale_of
from tasks.reports.charts.taking import ChartRows
from tasks.reports.render.layout import Language
from tasks.reports.written import number_written

HEIGHT, BELOW, HANGING = 240, 40, 14
WIDEST, FILLED = 64, 0.74
LEAST = 1.0
"""Pixels of a bar that is not zero, however small it is beside the others."""


def columns(
    rows: ChartRows, top: float, language: Language, *, stacked: bool
) -> tuple[list[str], int]:
    """Return the bars with what stands around them, and the height of the whole picture."""
    scale = scale_of(ends_of(rows, stacked=stacked))
    plot = Plot(left_of_ticks(scale, language), top + 10, WIDTH - MARGIN, top + 10 + HEIGHT)
    elements = steps_upwards(plot, scale, language)
    slot = plot.width / len(rows.labels)
    per_label = 1 if stacked else len(rows.names)
    width = min(slot * FILLED / per_label, WIDEST)
    for place, label in enumerate(rows.labels):
        left = plot.left + slot * (place + 0.5) - width * per_label / 2
        for piece in pieces_of(rows, place, stacked=stacked):
            title = f"{label} – {piece.name}: {number_written(piece.number, language)}"
            x = left + width * piece.beside
            elements.append(_bar(plot, scale, piece, x, width, title))
        if per_label == 1:
            elements += _number(plot, scale, rows, place, slot, language)
    hanging = HANGING if plot.bottom > plot.y(scale.zero) else 0
    elements += labels_below(plot, rows, hanging)
    return elements, int(plot.bottom + BELOW + hanging)


def _bar(plot: Plot, scale: Scale, piece: Piece, x: float, width: float, title: str) -> str:
    first, last = plot.y(scale.at(piece.first)), plot.y(scale.at(piece.last))
    height = max(abs(first - last), LEAST if piece.number else 0)
    gap = min(1.0, width * 0.05)
    radius = 2 if width > 8 else 0
    return svg.rect(
        x + gap, min(first, last), width - 2 * gap, height, piece.colour, radius=radius, title=title
    )


def _number(
    plot: Plot, scale: Scale, rows: ChartRows, place: int, slot: float, language: Language
) -> list[str]:
    """The number above its bar, or below one that hangs, where there is room for it."""
    number = total_of(rows.numbers[place])
    written = short(number, language)
    widest = max(width_of(short(total_of(one), language), LABEL_SIZE) for one in rows.numbers)
    if widest > slot - 4 or not any(one is not None for one in rows.numbers[place]):
        return []
    known = [one for one in rows.numbers[place] if one is not None]
    if number >= 0:
        y = plot.y(scale.at(sum(one for one in known if one > 0) or number)) - 5
    else:
        y = plot.y(scale.at(sum(one for one in known if one < 0) or number)) + 14
    x = plot.left + slot * (place + 0.5)
    return [svg.text(x, y, written, size=LABEL_SIZE, fill=svg.INK, anchor="middle")]
