"""The life of a renderer: rows in batches, then a whole file or none."""

import errno
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, runtime_checkable

from tasks.errors import ErrorKind, JobError
from tasks.rows import Column, Row


class Renderer(Protocol):
    """Writes rows to one file; leaving its `with` block by an error removes the file."""

    def write(self, batch: Sequence[Row]) -> None:
        """Append the rows; any error abandons the file before it is raised."""

    def close(self) -> None:
        """Make the file whole; a second call does nothing."""

    def abandon(self) -> None:
        """Give up and remove the file; after `close` it does nothing."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@runtime_checkable
class HasSheets(Protocol):
    """A renderer whose file can hold more beside the result."""

    def add_sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Add a sheet after those of the results, before `close`."""


class FileRenderer(ABC):
    """What every renderer of one binary file shares: `_write` and `_finish` are its own."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        refuse_no_columns(columns)
        self._path = path
        with no_space_explained(path):
            self._file = path.open("wb")

    @abstractmethod
    def _write(self, batch: Sequence[Row]) -> None: ...

    @abstractmethod
    def _finish(self) -> None: ...

    def write(self, batch: Sequence[Row]) -> None:
        if self._file.closed:
            raise ValueError("The file is closed: no more rows can be written to it.")
        with self._abandoned_on_error():
            self._write(batch)

    def close(self) -> None:
        if self._file.closed:
            return
        with self._abandoned_on_error():
            self._finish()
            self._file.close()

    def abandon(self) -> None:
        if not self._file.closed:
            self._remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    @contextmanager
    def _abandoned_on_error(self) -> Iterator[None]:
        try:
            with no_space_explained(self._path):
                yield
        except BaseException:
            self._remove()
            raise

    def _remove(self) -> None:
        # Closing flushes what is left, and a full disk refuses that too: the file goes anyway.
        with suppress(OSError):
            self._file.close()
        self._path.unlink(missing_ok=True)


def in_batches(rows: Iterable[Row], size: int = 5_000) -> Iterator[list[Row]]:
    """The rows in lists of at most `size`."""
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch


def refuse_no_columns(columns: Sequence[Column]) -> None:
    """Raise JobError where a result has no columns."""
    if not columns:
        raise JobError(
            "The query gives no columns, so there is nothing to write. Select at least one.",
            kind=ErrorKind.RENDER,
        )


def by_column(columns: Sequence[Column], rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """The values of each column; ValueError where a row has not one value for each."""
    if not rows:
        return [()] * len(columns)
    values = list(zip(*rows, strict=True))
    if len(values) != len(columns):
        raise ValueError(f"The rows have {len(values)} values for {len(columns)} columns.")
    return values


@contextmanager
def no_space_explained(path: Path) -> Iterator[None]:
    """Turn "no space left" and "quota exceeded" into a sentence; other errors pass as they are."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise JobError(
            "The disk is full: the file {name} could not be written. Free space in the folder of "
            "artifacts on the server; the run can then be tried again.",
            kind=ErrorKind.NO_SPACE,
            transient=True,
            name=path.name.removesuffix(".part"),
        ) from error
