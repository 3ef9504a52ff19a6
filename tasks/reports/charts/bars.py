"""Bars that lie: for names, which have room at their left."""

from decimal import Decimal

from tasks.reports.charts import svg
from tasks.reports.charts.columns import LEAST
from tasks.reports.charts.frame import LABEL_SIZE, MARGIN, WIDTH, Plot, steps_aside
from tasks.reports.charts.measure import cut, width_of
from tasks.reports.charts.numbers import short
from tasks.reports.charts.pieces import Piece, ends_of, pieces_of, total_of
from tasks.reports.charts.scale import Scale, scale_of
from tasks.reports.charts.taking import ChartRows
from tasks.reports.render.layout import Language
from tasks.reports.written import number_written

WIDEST_LABEL = 230
THICK, THIN, MANY = 16, 11, 25
BESIDE = 9
"""Pixels of one of several bars of a label."""
GAP = 9
BELOW = 36


def bars(
    rows: ChartRows, top: float, language: Language, *, stacked: bool
) -> tuple[list[str], int]:
    """Return the bars with what stands around them, and the height of the whole picture."""
    per_label = 1 if stacked else len(rows.names)
    thick = BESIDE if per_label > 1 else THICK if len(rows.labels) <= MANY else THIN
    slot = thick * per_label + (GAP if len(rows.labels) <= MANY else GAP - 3)
    ends = ends_of(rows, stacked=stacked)
    scale = scale_of(ends)
    plot = _plot(rows, top, slot, ends, language, with_numbers=per_label == 1)
    elements = steps_aside(plot, scale, language)
    left = MARGIN + _room_of_labels(rows)
    for place, label in enumerate(rows.labels):
        y = plot.top + slot * place + (slot - thick * per_label) / 2
        middle = plot.top + slot * (place + 0.5) + 4
        shown = cut(label, LABEL_SIZE, WIDEST_LABEL)
        elements.append(svg.text(left, middle, shown, size=LABEL_SIZE, fill=svg.INK, anchor="end"))
        for piece in pieces_of(rows, place, stacked=stacked):
            title = f"{label} – {piece.name}: {number_written(piece.number, language)}"
            elements.append(_bar(plot, scale, piece, y + thick * piece.beside, thick, title))
        if per_label == 1 and any(one is not None for one in rows.numbers[place]):
            elements.append(_number(plot, scale, rows, place, middle, language))
    return elements, int(plot.bottom + BELOW)


def _room_of_labels(rows: ChartRows) -> float:
    widest = max(width_of(label, LABEL_SIZE) for label in rows.labels)
    return min(widest, WIDEST_LABEL)


def _plot(
    rows: ChartRows,
    top: float,
    slot: float,
    ends: list[Decimal],
    language: Language,
    *,
    with_numbers: bool,
) -> Plot:
    widest = max(width_of(short(total_of(one), language), LABEL_SIZE) for one in rows.numbers)
    room = widest + 8 if with_numbers else 8
    left = MARGIN + _room_of_labels(rows) + 10 + (room if min(ends, default=0) < 0 else 0)
    bottom = top + slot * len(rows.labels) + 4
    return Plot(left, top, WIDTH - MARGIN - max(room, 18), bottom)


def _bar(plot: Plot, scale: Scale, piece: Piece, y: float, thick: float, title: str) -> str:
    first, last = plot.x(scale.at(piece.first)), plot.x(scale.at(piece.last))
    width = max(abs(first - last), LEAST if piece.number else 0)
    return svg.rect(
        min(first, last), y + 0.5, width, thick - 1, piece.colour, radius=2, title=title
    )


def _number(
    plot: Plot, scale: Scale, rows: ChartRows, place: int, y: float, language: Language
) -> str:
    """The number at the end of its bar."""
    known = [one for one in rows.numbers[place] if one is not None]
    number = total_of(known)
    if number >= 0:
        x = plot.x(scale.at(sum((one for one in known if one > 0), Decimal(0)))) + 6
        anchor = "start"
    else:
        x = plot.x(scale.at(sum((one for one in known if one < 0), Decimal(0)))) - 6
        anchor = "end"
    return svg.text(x, y, short(number, language), size=LABEL_SIZE, fill=svg.INK, anchor=anchor)
