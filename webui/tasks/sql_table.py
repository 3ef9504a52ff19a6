"""The table of a preview: its values as texts, in the language of the request."""

from dataclasses import dataclass
from typing import Self

from tasks.reports.preview import Preview
from webui.cells import NUMERIC, cell


@dataclass(frozen=True, slots=True)
class Table:
    """The first rows of an answer, ready to be shown."""

    heads: list[tuple[str, bool]]
    """The name of each column, and whether its values are numbers."""
    lines: list[list[str | None]]
    """None is a missing value."""
    seconds: float
    more: bool

    @classmethod
    def of(cls, found: Preview) -> Self:
        heads = [(one.name, one.kind in NUMERIC) for one in found.columns]
        lines = [
            [cell(value, column) for value, column in zip(row, found.columns, strict=True)]
            for row in found.rows
        ]
        return cls(heads, lines, found.seconds, found.more)
