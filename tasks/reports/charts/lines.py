"""Lines over labels in their order; a missing number is a gap."""

from collections.abc import Iterator
from decimal import Decimal

from tasks.reports.charts import svg
from tasks.reports.charts.frame import (
    MARGIN,
    WIDTH,
    Plot,
    labels_below,
    left_of_ticks,
    steps_upwards,
)
from tasks.reports.charts.pieces import ends_of
from tasks.reports.charts.scale import Scale, scale_of
from tasks.reports.charts.taking import ChartRows
from tasks.reports.render.layout import Language
from tasks.reports.written import number_written

HEIGHT, BELOW = 260, 40
MOST_DOTS = 40
FLAT = Decimal("0.5")
"""A line whose numbers differ by less than this part of the least is drawn without the zero."""


def lines(rows: ChartRows, top: float, language: Language) -> tuple[list[str], int]:
    """Return the lines with what stands around them, and the height of the whole picture."""
    ends = ends_of(rows, stacked=False)
    scale = scale_of(ends, from_zero=not _is_flat(ends))
    plot = Plot(left_of_ticks(scale, language), top + 10, WIDTH - MARGIN, top + 10 + HEIGHT)
    elements = steps_upwards(plot, scale, language)
    for column in range(len(rows.names)):
        colour = svg.SERIES[column]
        for points in _unbroken(plot, scale, rows, column):
            elements += _line([(x, y) for x, y, _ in points], colour)
        elements += _dots(plot, scale, rows, column, language)
    elements += labels_below(plot, rows)
    return elements, int(plot.bottom + BELOW)


def _is_flat(ends: list[Decimal]) -> bool:
    low, high = min(ends, default=Decimal(0)), max(ends, default=Decimal(0))
    return 0 < low < high and high - low < low * FLAT


def _line(points: list[tuple[float, float]], colour: str) -> list[str]:
    return [svg.path(points, colour)] if len(points) > 1 else []


def _dots(plot: Plot, scale: Scale, rows: ChartRows, column: int, language: Language) -> list[str]:
    """Each number as a dot where there are few, and else those that stand alone."""
    shown = []
    for points in _unbroken(plot, scale, rows, column):
        if len(rows.labels) > MOST_DOTS and len(points) > 1:
            continue
        for x, y, place in points:
            number = rows.numbers[place][column] or Decimal(0)
            told = f"{rows.labels[place]} – {rows.names[column]}: "
            title = told + number_written(number, language)
            shown.append(svg.dot(x, y, svg.SERIES[column], title))
    return shown


def _unbroken(
    plot: Plot, scale: Scale, rows: ChartRows, column: int
) -> Iterator[list[tuple[float, float, int]]]:
    """Yield the points of a line between its gaps, each with the place of its label."""
    slot = plot.width / len(rows.labels)
    points: list[tuple[float, float, int]] = []
    for place, numbers in enumerate(rows.numbers):
        number = numbers[column]
        if number is not None:
            x = plot.left + slot * (place + 0.5)
            points.append((x, plot.y(scale.at(number)), place))
        elif points:
            yield points
            points = []
    if points:
        yield points
