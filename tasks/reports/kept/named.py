"""Columns by the names that a task gives them."""

from collections.abc import Sequence

from tasks.errors import ErrorKind, JobError
from tasks.rows import Column


def places_of(names: Sequence[str], columns: Sequence[Column]) -> list[int]:
    """Return where the columns of these names stand; raises JobError where one is not there."""
    known = [column.name for column in columns]
    for name in names:
        if name not in known:
            raise JobError(
                "There is no column “{name}” by which a row could be known again. The query gives: "
                "{known}. Correct the columns in the task.",
                kind=ErrorKind.SQL,
                name=name,
                known=", ".join(known),
            )
    return [known.index(name) for name in names]
