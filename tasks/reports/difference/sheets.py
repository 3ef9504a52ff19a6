"""A difference as sheets of a workbook: what is new, what is gone, and each changed cell."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from tasks.reports.difference.comparing import Comparison
from tasks.reports.difference.difference import WORDS
from tasks.reports.files import ReportFiles
from tasks.reports.render import Language
from tasks.rows import Column, ColumnKind, Row

MOST_LINES = 100_000
"""Of one sheet; where there are more, its last line says so."""


def add_sheets(comparison: Comparison, files: ReportFiles, language: Language) -> None:
    """Add the three sheets to the files that have sheets; one without rows says so by its head."""
    words = WORDS[language]
    new, gone, cells = (comparison.new_columns, comparison.gone_columns, _cells(comparison, words))
    for title, columns, rows in (
        (words["new"], new, comparison.new),
        (words["gone"], gone, comparison.gone),
        (words["changed"], cells, lambda most: _changed(comparison, most)),
    ):
        files.add_sheet(title, columns, _Lines(rows, words["cut"], len(columns)))


class _Lines:
    """The lines of a sheet, asked for anew by every workbook."""

    def __init__(self, ask: Callable[[int], Iterable[Row]], cut: str, width: int) -> None:
        self._ask, self._cut, self._width = ask, cut, width

    def __iter__(self) -> Iterator[Row]:
        rows = iter(self._ask(MOST_LINES + 1))
        yield from islice(rows, MOST_LINES)
        if next(rows, None) is not None:
            yield [self._cut.format(most=MOST_LINES), *[None] * (self._width - 1)]


def _changed(comparison: Comparison, most: int) -> Iterator[Row]:
    for cell in comparison.changed(most):
        yield [*cell.key, cell.column, cell.before, cell.after]


def _cells(comparison: Comparison, words: dict[str, str]) -> Sequence[Column]:
    return [
        *comparison.keys,
        Column(words["column"], ColumnKind.TEXT),
        Column(words["before"], ColumnKind.DECIMAL),  # a number stays one, a text stays a text
        Column(words["after"], ColumnKind.DECIMAL),
    ]
