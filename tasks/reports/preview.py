"""The first rows of a query, for the person who writes it."""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tasks.errors import JobError
from tasks.reports.asking import Question, prepared, question
from tasks.reports.binding import told_as_written
from tasks.reports.companies import Reading
from tasks.reports.parameters import ParameterDefinition
from tasks.rows import Column, ResultSet, Row
from tasks.settings import settings
from tasks.sources.time_limit import within

ROWS = 50
LEAST_SECONDS = 1
"""Of the time for all companies; with less left, the next one is not asked."""
GROWTH = 4
"""The first row is read alone, then so many times as many as before, while rows stay small."""
MOST_LETTERS = 2_000_000
"""Long texts in a few rows may weigh more than many rows: past so many letters no row is read."""
BYTES_A_LETTER = 4
"""What is no text weighs what it takes in memory, as letters: a number about ten."""


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

    The query with all of these rows, and each question about a choice before it, takes no longer
    than `seconds`, or else than the installation lets a preview take. Raises JobError with the
    sentence of the guard or of the source, Invalid for a value.
    """
    seconds = seconds or settings().preview_seconds
    asked = question(source, sql, definitions, values, rows=rows + 1, seconds=seconds)
    return _answered(asked, rows, seconds)


def previews(
    source: str,
    sql: str,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
    *,
    rows: int = ROWS,
    seconds: int | None = None,
) -> Iterator[tuple[Reading, Preview | None]]:
    """Yield the first rows of each company that a run would read; raises as `preview`.

    All together take no longer than `seconds`; of a company for which no time is left it is None.
    """
    seconds = seconds or settings().preview_seconds
    several = prepared(source, sql, definitions, values, rows=rows + 1, seconds=seconds)
    until = time.monotonic() + seconds
    for place, one in enumerate(several):
        left = int(until - time.monotonic()) if place else seconds
        found = None
        if left >= LEAST_SECONDS or not place:
            try:
                with one.reading.telling():
                    found = _answered(one.question(left), rows, left)
            except JobError:
                if not place or time.monotonic() < until - LEAST_SECONDS:
                    raise
        yield one.reading, found


def _answered(asked: Question, rows: int, seconds: int) -> Preview:
    began = time.monotonic()
    with (
        told_as_written(asked.authors, asked.values),
        within(seconds, asked.source.cancel),
        asked.source.query(asked.sql, asked.bound) as result,
    ):
        found, all_read = _first(result, rows + 1)
        took = time.monotonic() - began
    more = len(found) > rows or not all_read
    return Preview(list(result.columns), found[:rows], took, more)


def _first(result: ResultSet, count: int) -> tuple[list[Row], bool]:
    """Return the first rows, and whether no limit ended the reading."""
    found: list[Row] = []
    size, letters, most = 1, 0, 1
    while len(found) < count and letters <= MOST_LETTERS:
        batch = next(iter(result.batches(size)), [])
        if not batch:
            return found, True
        found += batch
        weights = [sum(map(_letters, row)) for row in batch]
        letters, most = letters + sum(weights), max(most, *weights)
        room = max(MOST_LETTERS - letters, 0) // most
        size = max(min(size * GROWTH, count - len(found), room), 1)
    return found, False


def _letters(value: object) -> int:
    """How much a value weighs, with what it holds."""
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_letters(part) for pair in value.items() for part in pair)
    if isinstance(value, Sequence):
        return sum(map(_letters, value))
    return sys.getsizeof(value) // BYTES_A_LETTER
