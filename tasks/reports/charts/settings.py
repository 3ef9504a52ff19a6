"""What a task decides about one chart."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tasks.errors import Invalid
from tasks.reports.named import ColumnName

MOST_VALUES = 6
MOST_BARS = 60


class ChartKind(StrEnum):
    BAR = "bar"
    """A bar for each label and column."""
    LINE = "line"
    STACKED = "stacked"
    """A bar for each label, of one piece for each column."""


class Aggregate(StrEnum):
    """What becomes of several rows with one label."""

    SUM = "sum"
    LAST = "last"


def titled(title: str, values: Sequence[str], label: str) -> str:
    """Return what a chart is called: its title, or the names of what it draws."""
    return title or f"{', '.join(values)} · {label}"


class ChartSettings(BaseModel):
    """One picture of the rows: up to six columns of numbers by the values of another one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ChartKind = ChartKind.BAR
    title: str = Field("", max_length=120)
    """Empty for the names of its columns."""
    label: str = Field(min_length=1, max_length=128)
    values: list[ColumnName] = Field(min_length=1, max_length=MOST_VALUES)
    aggregate: Aggregate = Aggregate.SUM
    top: int | None = Field(None, ge=1, le=MOST_BARS)
    """Only so many of the largest are drawn, and all others as one; of a line the last ones alone.

    None for all as they come.
    """

    @field_validator("values")
    @classmethod
    def _each_once(cls, given: list[str]) -> list[str]:
        if len(set(given)) < len(given) or not all(given):
            raise Invalid("Name each column of a chart once.", field="charts")
        return given
