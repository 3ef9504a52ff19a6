"""The first rows of a query, for the person who writes it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.reports.asking import question
from tasks.reports.binding import told_as_written
from tasks.reports.parameters import ParameterDefinition
from tasks.rows import Column, ResultSet, Row

ROWS = 50
AT_ONCE = 10
MOST_LETTERS = 2_000_000
"""Long texts in a few rows may weigh more than many rows: past so many letters no row is read."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of an answer."""

    columns: list[Column]
    rows: list[Row]
    seconds: float
    """From the question to the last of these rows, the login among it."""
    more: bool
    """Whether the source has, or may have, more rows than these."""


def preview(
    source: str,
    sql: str,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
    *,
    rows: int = ROWS,
    seconds: int | None = None,
) -> Preview:
    """Ask the source of this name for the first rows only; not to be called in a transaction.

    No step takes longer than `seconds`, or else than the installation lets a preview take.
    Raises JobError with the sentence of the guard or of the source, Invalid for a value.
    """
    asked = question(source, sql, definitions, values, rows=rows + 1, seconds=seconds)
    began = time.monotonic()
    with (
        told_as_written(sql, asked.values),
        asked.source.query(asked.sql, asked.bound) as result,
    ):
        found, all_read = _first(result, rows + 1)
        took = time.monotonic() - began
    more = len(found) > rows or not all_read
    return Preview(list(result.columns), found[:rows], took, more)


def _first(result: ResultSet, count: int) -> tuple[list[Row], bool]:
    """Return the first rows, and whether no limit ended the reading."""
    found: list[Row] = []
    letters = 0
    for batch in result.batches(min(count, AT_ONCE)):
        found += batch
        letters += sum(len(value) for row in batch for value in row if isinstance(value, str))
        if len(found) >= count or letters > MOST_LETTERS:
            return found[:count], False
    return found, True
