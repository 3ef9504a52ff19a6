"""The addresses of each key, from typed lines or from the rows of a query."""

from collections.abc import Iterable, Mapping, Sequence

from tasks.errors import ErrorKind, JobError
from tasks.reports.bursting.keys import key_of, part_name
from tasks.reports.bursting.lines import addresses_in, few_of
from tasks.reports.bursting.lines import book_of as book_of_lines
from tasks.rows import Column, Row

MOST_KEYS = 20_000

Book = Mapping[str, Sequence[str]]


def book_of_typed(lines: Iterable[str]) -> Book:
    """Return the addresses of typed lines by their key."""
    return {key_of(key): addresses for key, addresses in book_of_lines(lines).items()}


class BookOfRows:
    """Gathers the addresses of a query's rows: the key, then a cell with its addresses."""

    def __init__(self) -> None:
        self.book: dict[str, list[str]] = {}

    def begin(self, columns: Sequence[Column]) -> None:
        """Raise JobError where the query does not give two columns."""
        if len(columns) != 2:
            raise JobError(
                "The query of addresses gives {count} columns. It has to give two: the value of "
                "the column, and its mail addresses.",
                kind=ErrorKind.SQL,
                count=len(columns),
            )

    def write(self, batch: Iterable[Row], company: str = "") -> None:
        """Take rows; raises JobError past the most keys. Of a crowd some addresses are left out."""
        for key, cell in batch:
            part = part_name(company, key_of(key))
            given = addresses_in("" if cell is None else str(cell))
            self.book[part] = few_of([*self.book.get(part, ()), *given])
            self._check()

    def _check(self) -> None:
        if len(self.book) > MOST_KEYS:
            raise JobError(
                "The query of addresses gives more than {most} keys. Narrow it.",
                kind=ErrorKind.SQL,
                most=f"{MOST_KEYS:,}",
            )
