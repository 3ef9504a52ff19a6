"""A chart as a picture: SVG of our own hand, and its content in words."""

from dataclasses import dataclass

from tasks.reports.charts import svg
from tasks.reports.charts.bars import bars
from tasks.reports.charts.chosen import chosen
from tasks.reports.charts.columns import columns
from tasks.reports.charts.frame import LABEL_SIZE, MARGIN, WIDTH, heading
from tasks.reports.charts.lines import lines
from tasks.reports.charts.measure import width_of
from tasks.reports.charts.settings import ChartKind, ChartSettings, titled
from tasks.reports.charts.taking import ChartRows
from tasks.reports.render.layout import Language
from tasks.reports.written import number_written

EMPTY = {Language.ENGLISH: "There is nothing to draw.", Language.TURKISH: "Çizilecek bir şey yok."}
TOLD = 12
"""Labels whose numbers are told in words; the file has all of them."""
AND_MORE = {Language.ENGLISH: "and {count} more", Language.TURKISH: "ve {count} tane daha"}
ROOM_OF_STEPS = 70
"""Pixels that the numbers of a scale take at most, near enough, at the left of standing bars."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of this many pixels; `text` is what it shows in words."""

    svg: str
    width: int
    height: int
    title: str
    text: str


def draw(chart: ChartSettings, gathered: ChartRows, language: Language) -> Drawing:
    """Return the picture of what was gathered."""
    rows = chosen(chart, gathered, language)
    title = title_of(chart)
    told = _in_words(rows, language)
    elements, top = heading(title, rows.names)
    if not any(number is not None for several in rows.numbers for number in several):
        told = EMPTY[language]
        elements.append(svg.text(MARGIN, top + 20, told))
        height = int(top + 50)
    else:
        drawn, height = _drawn(chart, rows, top, language)
        elements += drawn
    picture = svg.document(WIDTH, height, title, told, elements)
    return Drawing(picture, WIDTH, height, title, f"{title}: {told}")


def title_of(chart: ChartSettings) -> str:
    """Return the title of the chart, or the names of what it draws."""
    return titled(chart.title, chart.values, chart.label)


def _drawn(
    chart: ChartSettings, rows: ChartRows, top: float, language: Language
) -> tuple[list[str], int]:
    if chart.kind is ChartKind.LINE:
        return lines(rows, top, language)
    stacked = chart.kind is ChartKind.STACKED
    if rows.is_in_order or _fit_below(rows):
        return columns(rows, top, language, stacked=stacked)
    return bars(rows, top, language, stacked=stacked)


def _fit_below(rows: ChartRows) -> bool:
    """Whether all labels can stand below their bars, side by side."""
    slot = (WIDTH - 2 * MARGIN - ROOM_OF_STEPS) / len(rows.labels)
    return all(width_of(label, LABEL_SIZE) + 8 <= slot for label in rows.labels)


def _in_words(rows: ChartRows, language: Language) -> str:
    words = [
        f"{label} {_numbers(place, rows, language)}"
        for place, label in enumerate(rows.labels[:TOLD])
    ]
    if (more := len(rows.labels) - TOLD) > 0:
        words.append(AND_MORE[language].format(count=more))
    return "; ".join(words) + "."


def _numbers(place: int, rows: ChartRows, language: Language) -> str:
    return ", ".join(
        "–" if number is None else number_written(number, language)
        for number in rows.numbers[place]
    )
