"""What a task decides about the looks of its files."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tasks.errors import Invalid
from tasks.reports.looks.codes import check_code
from tasks.reports.named import ColumnName
from tasks.reports.render.looks import Colour, ColourRule, Operator
from tasks.reports.render.rules import BOUNDS

MOST_COLUMNS, MOST_RULES, MOST_GROUPS = 100, 30, 2
LONGEST_NAME, LONGEST_VALUE = 200, 100
"""A formula of Excel holds 255 letters of a text, and some of them take two."""


class Line(StrEnum):
    """What can stand above the rows."""

    TITLE = "title"
    MEANT_FOR = "meant_for"
    PARAMETERS = "parameters"
    SOURCE = "source"


class Shown(StrEnum):
    """How the values of a column are shown; those of Business One as the company shows its own."""

    USUAL = "usual"
    AMOUNT = "amount"
    WHOLE = "whole"
    PERCENT = "percent"
    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    CODE = "code"
    B1_SUM = "b1_sum"
    B1_PRICE = "b1_price"
    B1_QUANTITY = "b1_quantity"
    B1_PERCENT = "b1_percent"
    B1_RATE = "b1_rate"
    B1_DATE = "b1_date"


class ColumnSettings(BaseModel):
    """How one column is shown, by the name that the query gives it; `width` is in characters."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    shown: Shown = Shown.USUAL
    code: str = Field("", max_length=100)
    """A number format of Excel, where `shown` says so."""
    title: str = Field("", max_length=LONGEST_NAME)
    width: int | None = Field(None, ge=1, le=255)


class RuleSettings(BaseModel):
    """A colour for the cells of a column, or for their whole rows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str = Field(min_length=1, max_length=LONGEST_NAME)
    operator: Operator
    value: str = Field("", max_length=LONGEST_VALUE)
    upper: str = Field("", max_length=LONGEST_VALUE)
    colour: Colour = Colour.RED
    whole_row: bool = False

    def rule(self) -> ColourRule:
        return ColourRule(**dict(self))


class Looks(BaseModel):
    """How the files look; everything as usual where nothing is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    above: list[Line] = Field(default_factory=list, max_length=len(Line))
    groups: list[ColumnName] = Field(default_factory=list, max_length=MOST_GROUPS)
    """The columns by which sorted rows are grouped, the outer one first."""
    columns: list[ColumnSettings] = Field(default_factory=list, max_length=MOST_COLUMNS)
    rules: list[RuleSettings] = Field(default_factory=list, max_length=MOST_RULES)

    @model_validator(mode="after")
    def _whole(self) -> "Looks":
        for n, column in enumerate(self.columns):
            _check_column(column, n, {one.name for one in self.columns[:n]})
        for n, rule in enumerate(self.rules):
            _check_rule(rule, n)
        if len(set(self.groups)) < len(self.groups):
            raise Invalid("Name each column that groups the rows once.", field="looks.groups")
        return self


def _check_column(column: ColumnSettings, n: int, before: set[str]) -> None:
    place = f"looks.columns.{n}"
    if column.name in before:
        raise Invalid(
            "The column “{name}” is named twice. Say once how it is shown.",
            field=f"{place}.name",
            name=column.name,
        )
    if column.shown is Shown.CODE:
        check_code(column.code, field=f"{place}.code")
    elif column.code:
        raise Invalid(
            "This format counts only where the column is shown by a format of Excel. Choose that, "
            "or take the format away.",
            field=f"{place}.code",
        )


def _check_rule(rule: RuleSettings, n: int) -> None:
    wanted = BOUNDS.get(rule.operator, 1)
    for name, given, is_wanted in (
        ("value", rule.value, wanted > 0),
        ("upper", rule.upper, wanted > 1),
    ):
        if bool(given.strip()) != is_wanted:
            raise Invalid(
                "Say what to compare with: two values for “between”, none for “is empty”, and "
                "else one.",
                field=f"looks.rules.{n}.{name}",
            )
