"""What a chart draws, gathered while the rows pass: numbers by label, of so many at the most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Any

from tasks.errors import ErrorKind, JobError
from tasks.reports.charts.settings import Aggregate, ChartKind, ChartSettings
from tasks.reports.exact import EXACT, NUMBERS, exact
from tasks.reports.figures import NUMERIC, TIMED
from tasks.reports.render.layout import Layout
from tasks.reports.render.section import Section
from tasks.reports.render.shown import Shown, visible
from tasks.reports.written import scaled
from tasks.rows import Column, ColumnKind, Row

MOST_LABELS = 10_000
LONGEST_LABEL = 80
"""Letters; a label is cut there, and in the picture where its place ends."""

Numbers = list[Decimal | None]


@dataclass(frozen=True, slots=True)
class ChartRows:
    """The numbers of each label in the order of `names`; None where a label has no such number."""

    names: Sequence[str]
    labels: Sequence[str]
    numbers: Sequence[Numbers]
    is_in_order: bool = False
    """Whether the labels are days or numbers, so that their order says something."""
    has_others: bool = False
    """Whether the last label stands for many."""


class Gathering:
    """Takes the rows and adds them up by label; past 10,000 labels it gives up."""

    def __init__(self, chart: ChartSettings, layout: Layout) -> None:
        self._chart, self._layout = chart, layout
        self._labels: dict[str, Numbers] = {}
        self._meant: dict[str, object] = {}
        """What each label stands for, where labels have an order of their own."""
        self._is_in_order = False
        self.is_too_much = False
        """Whether there were more labels than anybody can look at."""

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:  # noqa: ARG002
        """Find the columns; raises JobError where one is not there, or has no numbers."""
        names = [column.name for column in columns]
        for name in (self._chart.label, *self._chart.values):
            self._check(name, columns, names)
        self._label_at = names.index(self._chart.label)
        self._values_at = [names.index(name) for name in self._chart.values]
        self._scales = [columns[place].scale for place in self._values_at]
        label = columns[self._label_at]
        self._is_in_order = label.kind in TIMED or label.kind is ColumnKind.INTEGER
        self._is_sorted = label.kind in TIMED or (
            self._is_in_order and self._chart.kind is ChartKind.LINE
        )
        self._shown = Shown(label, self._layout)

    def write(self, batch: Sequence[Row]) -> None:
        if self.is_too_much or not batch:
            return
        labels = map(_short, self._shown.texts([row[self._label_at] for row in batch]))
        add = self._add_up if self._chart.aggregate is Aggregate.SUM else self._replace
        with localcontext(EXACT):
            for label, row in zip(labels, batch, strict=True):
                numbers = self._labels.get(label)
                if numbers is None:
                    numbers = self._labels[label] = [None] * len(self._values_at)
                    if self._is_sorted:
                        self._meant[label] = row[self._label_at]
                add(numbers, row)
        if len(self._labels) > MOST_LABELS:
            self.is_too_much = True
            self._labels.clear()
            self._meant.clear()

    def abandon(self) -> None:
        """Nothing was left anywhere."""

    @property
    def rows(self) -> ChartRows:
        """What has been gathered; time goes from the left to the right, however rows are sorted."""
        labels = sorted_by(self._labels, self._meant)
        numbers = [self._scaled(self._labels[label]) for label in labels]
        return ChartRows(self._chart.values, labels, numbers, self._is_in_order)

    def _scaled(self, numbers: Numbers) -> Numbers:
        return [
            None if number is None else scaled(number, scale)
            for number, scale in zip(numbers, self._scales, strict=True)
        ]

    def _check(self, name: str, columns: Sequence[Column], names: Sequence[str]) -> None:
        if name not in names:
            raise JobError(
                "There is no column “{name}” for the chart. The query gives: {known}. Correct the "
                "chart in the task.",
                kind=ErrorKind.SQL,
                name=name,
                known=", ".join(names),
            )
        if name in self._chart.values and columns[names.index(name)].kind not in NUMERIC:
            raise JobError(
                "The column “{name}” cannot be drawn: it holds no numbers. Correct the chart in "
                "the task.",
                kind=ErrorKind.SQL,
                name=name,
            )

    def _add_up(self, numbers: Numbers, row: Row) -> None:
        for place, at in enumerate(self._values_at):
            number = _finite(row[at])
            if number is not None:
                before = numbers[place]
                numbers[place] = number if before is None else before + number

    def _replace(self, numbers: Numbers, row: Row) -> None:
        for place, at in enumerate(self._values_at):
            number = _finite(row[at])
            if number is not None:
                numbers[place] = number


def sorted_by(labels: Iterable[str], meant: Mapping[str, Any]) -> list[str]:
    """The labels by what they stand for, nothing first; as they came where that has no order."""
    given = list(labels)
    try:
        return sorted(given, key=lambda one: (meant.get(one) is not None, meant.get(one) or 0))
    except TypeError:  # a text among the days, a time with an offset among those without one
        return given


def _finite(value: object) -> Decimal | None:
    if type(value) is not Decimal:
        if not isinstance(value, NUMBERS):
            return None
        value = exact(value)
    return value if value.is_finite() else None


@lru_cache(maxsize=1_000)
def _short(label: str) -> str:
    text = " ".join(visible(label[: LONGEST_LABEL * 2]).split()) or "–"
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
