"""A condition and a difference against the columns that the query gives, before its rows come."""

from collections.abc import Sequence

from tasks.errors import ErrorKind, JobError
from tasks.reports.conditions.settings import ConditionKind, ConditionSettings, Measure
from tasks.reports.figures import NUMERIC
from tasks.reports.kept.named import places_of
from tasks.reports.render.section import Section
from tasks.rows import Column, Row

OF_NUMBERS = (Measure.SUM, Measure.LARGEST, Measure.LEAST, Measure.CHANGE)


class ColumnsChecked:
    """Raises JobError where a column is missing that the condition or the difference names."""

    def __init__(self, condition: ConditionSettings, keys: Sequence[str]) -> None:
        self._condition, self._keys = condition, keys

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:  # noqa: ARG002
        places_of(self._keys, columns)
        if self._condition.kind is ConditionKind.NEW_ROWS:
            places_of(self._condition.keys, columns)
        if self._condition.kind is ConditionKind.THRESHOLD and self._condition.column:
            self._check_measured(columns)

    def write(self, batch: Sequence[Row]) -> None:
        """Only the columns are looked at."""

    def abandon(self) -> None:
        """Nothing was left anywhere."""

    def _check_measured(self, columns: Sequence[Column]) -> None:
        name = self._condition.column
        kinds = {column.name: column.kind for column in reversed(columns)}
        if name not in kinds:
            raise JobError(
                "There is no column “{name}” for the condition. The query gives: {known}. Correct "
                "the condition in the task.",
                kind=ErrorKind.SQL,
                name=name,
                known=", ".join(column.name for column in columns),
            )
        if self._condition.measure in OF_NUMBERS and kinds[name] not in NUMERIC:
            raise JobError(
                "The column “{name}” cannot be compared with a number: it holds none. Correct the "
                "condition in the task.",
                kind=ErrorKind.SQL,
                name=name,
            )
