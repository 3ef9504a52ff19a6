"""Two files of kept rows, compared by DuckDB: bounded in memory, the rest goes to a folder."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from tasks.errors import ErrorKind, JobError
from tasks.reports.difference import statements
from tasks.reports.difference.difference import Counts, Difference
from tasks.reports.difference.matching import Matched, matched, totals
from tasks.reports.kept.texts import value_of
from tasks.rows import Column, Row

LIMITS: dict[str, Any] = {
    "memory_limit": "256MB",
    "threads": 2,
    "max_temp_directory_size": "8GB",
    "preserve_insertion_order": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
BATCH = 2_000

Interrupting = Callable[[Callable[[], None]], AbstractContextManager[None]]
"""What lets an order to stop call the function that it is given, while its block runs."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A run with the file of its kept rows."""

    run_id: int
    path: Path


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that has changed, in the row with this key."""

    key: Row
    column: str
    before: object
    after: object


class TooLong(Exception):
    """The comparison was told to stop."""


class Comparison:
    """An open comparison; its rows are asked for one kind after the other."""

    def __init__(
        self, asked: duckdb.DuckDBPyConnection, both: Matched, difference: Difference
    ) -> None:
        self._asked, self._both = asked, both
        self.difference = difference
        self.new_columns: Sequence[Column] = both.after.columns
        self.gone_columns: Sequence[Column] = both.before.columns
        self.keys = [both.after.columns[place] for place in both.after_keys]

    def new(self, most: int) -> Iterator[Row]:
        """Yield the first rows that are new."""
        return self._whole(statements.NEW, self.new_columns, most)

    def gone(self, most: int) -> Iterator[Row]:
        """Yield the first rows that are gone."""
        return self._whole(statements.GONE, self.gone_columns, most)

    def changed(self, most: int) -> Iterator[Cell]:
        """Yield the changed cells of the first rows that have some."""
        both, end = self._both, len(self.keys)
        was = [both.before.columns[place] for place in both.before_places]
        now = [both.after.columns[place] for place in both.after_places]
        statement = statements.changed(both.after_keys, both.before_places, both.after_places)
        for texts in self._texts(statements.CHANGED, statement, most):
            key = _values(self.keys, texts[:end])
            pairs = zip(was, now, texts[end : end + len(was)], texts[end + len(was) :], strict=True)
            for one, other, before, after in pairs:
                if before != after:
                    values = value_of(one.kind, before), value_of(other.kind, after)
                    yield Cell(key, other.name, *values)

    def _whole(self, which: str, columns: Sequence[Column], most: int) -> Iterator[Row]:
        for texts in self._texts(which, statements.only(which, len(columns)), most):
            yield _values(columns, texts)

    def _texts(self, which: str, statement: str, most: int) -> Iterator[Sequence[str | None]]:
        with _told():
            self._asked.execute(statements.first(which), [most])
            cursor = self._asked.execute(statement)
            while rows := cursor.fetchmany(BATCH):
                yield from rows


@contextmanager
def comparing(
    before: Kept,
    after: Kept,
    keys: Sequence[str],
    *,
    folder: Path,
    interrupting: Interrupting = lambda _stop: nullcontext(),
) -> Iterator[Comparison]:
    """Compare two runs by key columns; what does not fit into memory goes to `folder`.

    Raises JobError where a key column is missing, or where the two cannot be compared.
    """
    both = matched(before.path, after.path, keys)
    with (
        TemporaryDirectory(dir=folder, prefix="compared-") as place,
        locked(place, before.path, after.path) as asked,
        interrupting(asked.interrupt),
    ):
        with _told():
            _load(asked, before.path, after.path, both)
            difference = _difference(asked, before, after, both)
        yield Comparison(asked, both, difference)


def _load(asked: duckdb.DuckDBPyConnection, before: Path, after: Path, both: Matched) -> None:
    for side, path, keys, places in (
        ("before", before, both.before_keys, both.before_places),
        ("after", after, both.after_keys, both.after_places),
    ):
        asked.execute(statements.load(side, _quoted(path), keys, places))
        asked.execute(statements.view(side, _quoted(path)))
    asked.execute(statements.PAIR)


def _difference(
    asked: duckdb.DuckDBPyConnection, before: Kept, after: Kept, both: Matched
) -> Difference:
    new, gone, changed = _one(asked, statements.COUNT)
    repeated = [_one(asked, statements.repeated(side)) for side in ("before", "after")]
    asked.execute(statements.DROP)
    return Difference(
        before_id=before.run_id,
        before=Counts(both.before.rows, *repeated[0]),
        after=Counts(both.after.rows, *repeated[1]),
        new=new,
        gone=gone,
        changed=changed,
        columns_new=both.columns_new,
        columns_gone=both.columns_gone,
        totals=totals(before.path, after.path, both),
    )


def _values(columns: Sequence[Column], texts: Sequence[str | None]) -> Row:
    return [value_of(column.kind, text) for column, text in zip(columns, texts, strict=True)]


def _one(asked: duckdb.DuckDBPyConnection, statement: str) -> tuple[int, ...]:
    row: tuple[int, ...] | None = asked.execute(statement).fetchone()
    return row or ()


@contextmanager
def locked(place: str, *paths: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database of its own that can read these two files and nothing else."""
    with duckdb.connect(":memory:", config=LIMITS | {"temp_directory": place}) as asked:
        asked.execute(f"SET allowed_paths = [{', '.join(map(_quoted, paths))}]")
        asked.execute("SET enable_external_access = false")
        asked.execute("SET lock_configuration = true")
        yield asked


def _quoted(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"


@contextmanager
def _told() -> Iterator[None]:
    """Say in words what DuckDB could not do; told to stop, it raises TooLong."""
    try:
        yield
    except duckdb.InterruptException as error:
        raise TooLong from error
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise JobError(
            "The rows of the two runs could not be compared: there is not enough room in memory "
            "or on the disk of the server.",
            kind=ErrorKind.NO_SPACE,
        ) from error
