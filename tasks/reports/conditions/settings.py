"""When a task's files are sent."""

from decimal import Decimal
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tasks.errors import Invalid
from tasks.reports.named import ColumnName

MOST_KEYS = 20
MOST_NAME = 200


class ConditionKind(StrEnum):
    """What has to be so for the files to be sent."""

    ALWAYS = "always"
    ROWS = "rows"
    NO_ROWS = "no_rows"
    CHANGED = "changed"
    """Any row is another one than in the last run that was delivered, or in another place."""
    NEW_ROWS = "new_rows"
    """There are rows that the last delivered run did not have; only those are sent."""
    THRESHOLD = "threshold"


class Measure(StrEnum):
    """What of a column is compared with the limit."""

    SUM = "sum"
    COUNT = "count"
    """How many of its values are not empty; without a column, how many rows there are."""
    LARGEST = "largest"
    LEAST = "least"
    CHANGE = "change"
    """The change of its sum against the last delivered run, in percent; without a column, of
    the number of rows."""


class Operator(StrEnum):
    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="


NEEDS_COLUMN = (Measure.SUM, Measure.LARGEST, Measure.LEAST)


def each_once(names: list[str]) -> list[str]:
    """Return the names of columns without spaces around them, none empty and none twice."""
    stripped = (name.strip() for name in names)
    return list(dict.fromkeys(name for name in stripped if name))


class ConditionSettings(BaseModel):
    """What has to be so for the files to be sent; always, where nothing is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ConditionKind = ConditionKind.ALWAYS
    keys: list[ColumnName] = Field(default_factory=list, max_length=MOST_KEYS)
    """The columns by which a row is known again; for new rows only."""
    measure: Measure = Measure.SUM
    column: str = Field("", max_length=MOST_NAME)
    operator: Operator = Operator.MORE
    limit: Decimal | None = Field(None, allow_inf_nan=False, max_digits=38)
    """For a threshold only; of a change, in percent."""

    _each_once = field_validator("keys")(each_once)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind is ConditionKind.NEW_ROWS and not self.keys:
            raise Invalid(
                "Name the columns by which a row is known again, one a line.",
                field="condition.keys",
            )
        if self.kind is ConditionKind.THRESHOLD:
            self._check_threshold()
        return self

    @property
    def needs_before(self) -> bool:
        """Whether it looks at the last run that was delivered."""
        return self.kind in (ConditionKind.CHANGED, ConditionKind.NEW_ROWS) or (
            self.kind is ConditionKind.THRESHOLD and self.measure is Measure.CHANGE
        )

    @property
    def needs_digest(self) -> bool:
        return self.kind is ConditionKind.CHANGED

    @property
    def keeps_rows(self) -> bool:
        """Whether the next run must find the rows of this one."""
        return self.kind is ConditionKind.NEW_ROWS

    def _check_threshold(self) -> None:
        if self.limit is None:
            raise Invalid("Give the number to compare with.", field="condition.limit")
        if self.measure in NEEDS_COLUMN and not self.column.strip():
            raise Invalid("Name the column that is compared.", field="condition.column")
