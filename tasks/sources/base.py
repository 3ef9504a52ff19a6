"""What every source offers to the jobs: a query with `?` parameters, and a way to stop it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from tasks.rows import ResultSet


class Source(Protocol):
    """A database that reports read."""

    def query(self, sql: str, parameters: Sequence[object]) -> AbstractContextManager[ResultSet]:
        """Run one query; its rows can be read until the context ends."""
        ...

    def cancel(self) -> None:
        """Interrupt whatever this source is running, from any thread."""
        ...
