"""How wide a column is: its header and its first values decide, before the first row is written."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from tasks.rows import Column

NARROWEST, WIDEST = 6, 60
FILTER_BUTTON, MARGIN = 3, 1
ROOM_FOR_TOTAL = 8
"""Signs that a sum may have more than its largest number before Excel shows a row of #: six digits,
for a million rows, and what stands between them.
"""


def column_width(column: Column, values: Sequence[object], *, total: bool) -> int:
    """The width in characters, as Excel counts them."""
    header = len(column.name) + FILTER_BUTTON
    body = max((shown_length(column, value) for value in values), default=0)
    room = ROOM_FOR_TOTAL if total else 0
    return min(max(NARROWEST, header, body + room) + MARGIN, WIDEST)


def shown_length(column: Column, value: object) -> int:
    match value:
        case None:
            return 0
        case str():
            return max(map(len, value.splitlines()), default=0)
        case Decimal() if value.is_finite() and abs(value.adjusted()) < 20:
            return len(f"{value:,.{2 if column.scale is None else min(column.scale, 15)}f}")
        case datetime():
            return 19
        case date() | time():
            return 10
        case _:
            return len(str(value))
