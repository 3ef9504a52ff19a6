"""Which labels a chart draws: all as they come, or the largest, and the others as one."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tasks.reports.charts.settings import MOST_BARS, ChartKind, ChartSettings
from tasks.reports.charts.taking import ChartRows, Numbers
from tasks.reports.render.layout import Language

OTHERS = {Language.ENGLISH: "Others ({count})", Language.TURKISH: "Diğerleri ({count})"}


def chosen(chart: ChartSettings, rows: ChartRows, language: Language) -> ChartRows:
    """Return the rows to draw; the last of them stands for the others, where some are left out."""
    top = chart.top
    if top is None and chart.kind is not ChartKind.LINE and len(rows.labels) > MOST_BARS:
        top = MOST_BARS - 1
    if top is None or len(rows.labels) <= top:
        return rows
    if chart.kind is ChartKind.LINE:
        return replace(rows, labels=rows.labels[-top:], numbers=rows.numbers[-top:])
    order = sorted(
        range(len(rows.labels)), key=lambda place: _size(rows.numbers[place]), reverse=True
    )
    first, others = order[:top], order[top:]
    return ChartRows(
        rows.names,
        [*(rows.labels[place] for place in first), OTHERS[language].format(count=len(others))],
        [*(rows.numbers[place] for place in first), _together(rows, others)],
        has_others=True,
    )


def _size(numbers: Numbers) -> Decimal:
    return sum((abs(number) for number in numbers if number is not None), Decimal(0))


def _together(rows: ChartRows, places: Sequence[int]) -> Numbers:
    columns = zip(*(rows.numbers[place] for place in places), strict=True)
    return [sum((n for n in column if n is not None), Decimal(0)) for column in columns]
