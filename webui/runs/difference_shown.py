"""A comparison made ready to be shown: its first lines as texts, within a bounded time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Timer
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from tasks.errors import Conflict, JobError, NotFound, mark
from tasks.keeping.errors import StoreAway
from tasks.keeping.stores import as_path
from tasks.models import Run
from tasks.queries.last_delivered import kept_rows
from tasks.reports.difference.difference import Difference
from tasks.rows import Column, ColumnKind, Row
from tasks.settings import settings
from webui.cells import NUMERIC, cell
from webui.i18n import say

BUSY = mark("Other runs are being compared now. Try again in a moment.")
MOST_SHOWN = 200
MOST_SECONDS = 30.0
PATIENCE_SECONDS = 10.0
ONE_AT_A_TIME = BoundedSemaphore(1)
"""A comparison of millions of rows takes a core and 300 MB: two at once would hurt the others."""
PLACES = BoundedSemaphore(3)
"""So many threads of a web process compare or wait; the other pages need the rest of them."""


@dataclass(frozen=True, slots=True)
class Lines:
    """The first lines of one kind; a head says whether its column holds numbers."""

    heads: Sequence[tuple[str, bool]] = ()
    lines: Sequence[Sequence[str | None]] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A difference with the first lines of each kind, or why there is none."""

    difference: Difference | None = None
    totals: Sequence[tuple[str, str | None, str | None]] = ()
    new: Lines = field(default_factory=Lines)
    gone: Lines = field(default_factory=Lines)
    changed: Lines = field(default_factory=Lines)
    problem: str = ""


def shown(session: Session, before: Run, after: Run) -> Shown:
    """Compare the rows of two runs by the key columns of their task as it is now."""
    keys = _keys(after.task.settings)
    kept = kept_rows(session, before), kept_rows(session, after)
    if kept[0] is None or kept[1] is None:
        return Shown(problem=gettext("This run has kept no rows, so it cannot be compared."))
    if not keys:
        return Shown(problem=gettext("The task no longer says by which columns rows are known."))
    try:
        with _place(), as_path(kept[0]) as one, as_path(kept[1]) as other:
            return _compared((before.id, one), (after.id, other), keys)
    except (JobError, NotFound, StoreAway, Conflict) as error:
        return Shown(problem=say(error))


@contextmanager
def _place() -> Iterator[None]:
    """Wait for the one place to compare; raises Conflict where too many wait, or for too long."""
    if not PLACES.acquire(blocking=False):
        raise Conflict(BUSY)
    try:
        if not ONE_AT_A_TIME.acquire(timeout=PATIENCE_SECONDS):
            raise Conflict(BUSY)
        try:
            yield
        finally:
            ONE_AT_A_TIME.release()
    finally:
        PLACES.release()


def _compared(before: tuple[int, Any], after: tuple[int, Any], keys: Sequence[str]) -> Shown:
    from tasks.reports.difference.comparing import Kept, TooLong, comparing  # heavy, seldom asked

    runs = Kept(*before), Kept(*after)
    folder = settings().artifacts_dir
    try:
        with comparing(*runs, keys, folder=folder, interrupting=_within(MOST_SECONDS)) as found:
            return _in_words(found)
    except TooLong:
        return Shown(
            problem=gettext("The comparison took too long. Compare the files on your own machine.")
        )


def _in_words(found: Any) -> Shown:
    words = gettext("Column"), gettext("Before"), gettext("Now")
    cells = [*found.keys, *(Column(word, ColumnKind.TEXT) for word in words)]
    totals = [
        (one.column.name, cell(one.before, one.column), cell(one.after, one.column))
        for one in found.difference.totals
    ]
    return Shown(
        found.difference,
        totals,
        _lines(found.new_columns, found.new(MOST_SHOWN)),
        _lines(found.gone_columns, found.gone(MOST_SHOWN)),
        _lines(cells, _changed(found, MOST_SHOWN)),
    )


def _changed(found: Any, most: int) -> Iterator[Row]:
    columns = {column.name: column for column in found.new_columns}
    for one in found.changed(most):
        column = columns[one.column]
        yield [*one.key, one.column, cell(one.before, column), cell(one.after, column)]


def _lines(columns: Sequence[Column], rows: Iterable[Row]) -> Lines:
    heads = [(column.name, column.kind in NUMERIC) for column in columns]
    lines = [
        [cell(value, column) for value, column in zip(row, columns, strict=True)] for row in rows
    ]
    return Lines(heads, lines)


def _keys(kept: Mapping[str, Any]) -> list[str]:
    """Return the columns by which the task knows a row again."""
    difference, condition = kept.get("difference") or {}, kept.get("condition") or {}
    return list(difference.get("keys") or condition.get("keys") or [])


def _within(seconds: float) -> Callable[[Callable[[], None]], Any]:
    @contextmanager
    def interrupting(stop: Callable[[], None]) -> Iterator[None]:
        timer = Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    return interrupting
