"""The first rows of a query, for the person who writes it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.reports.asking import question
from tasks.reports.binding import told_as_written
from tasks.reports.parameters import ParameterDefinition
from tasks.rows import Column, ResultSet, Row

ROWS = 50


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of an answer."""

    columns: list[Column]
    rows: list[Row]
    seconds: float
    """From the question to the last of these rows, the login among it."""
    more: bool
    """Whether the source has more rows than these."""


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
        found = _first(result, rows + 1)
        took = time.monotonic() - began
    return Preview(list(result.columns), found[:rows], took, more=len(found) > rows)


def _first(result: ResultSet, count: int) -> list[Row]:
    found: list[Row] = []
    for batch in result.batches(count):
        found += batch
        if len(found) >= count:
            break
    return found
