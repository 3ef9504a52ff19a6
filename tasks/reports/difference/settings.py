"""What a task decides about the difference to the run before."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tasks.errors import Invalid
from tasks.reports.conditions.settings import MOST_KEYS, each_once
from tasks.reports.named import ColumnName


class DifferenceSettings(BaseModel):
    """Which columns make a row the same row, and where the difference is told.

    The run before is the last one that was delivered.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    keys: list[ColumnName] = Field(default_factory=list, max_length=MOST_KEYS)
    in_mail: bool = False
    as_sheet: bool = True

    _each_once = field_validator("keys")(each_once)

    @model_validator(mode="after")
    def _known_again(self) -> Self:
        if not self.keys:
            raise Invalid(
                "Name the columns by which a row is known again, one a line.",
                field="difference.keys",
            )
        return self
