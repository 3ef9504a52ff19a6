"""Which columns of a result get a sum, as the author of the report named them."""

from collections.abc import Sequence

from tasks.errors import ErrorKind, JobError
from tasks.reports.render.layout import SUMMABLE
from tasks.rows import Column


def check_totals(wanted: Sequence[str] | None, columns: Sequence[Column]) -> None:
    """Raise JobError where a column to be added up is not there, or holds no numbers."""
    kinds = {column.name: column.kind for column in columns}
    for name in wanted or ():
        if name not in kinds:
            raise JobError(
                "There is no column “{name}” to add up. The query gives: {known}. Correct the "
                "totals in the task.",
                kind=ErrorKind.SQL,
                name=name,
                known=", ".join(kinds),
            )
        if kinds[name] not in SUMMABLE:
            raise JobError(
                "The column “{name}” cannot be added up: it holds no numbers. Take it out of the "
                "totals in the task.",
                kind=ErrorKind.SQL,
                name=name,
            )
