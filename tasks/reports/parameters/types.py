"""The types of parameters, and what a value of each is: as it is kept, and as it is bound."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class ParameterType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATE_RANGE = "date_range"
    MONTH = "month"
    SINCE = "since_last_success"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    CHOICE_SQL = "choice_sql"
    MULTI_CHOICE_SQL = "multi_choice_sql"
    COMPANY = "company"
    COMPANIES = "companies"


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


@dataclass(frozen=True, slots=True)
class InstantSpan:
    """Times on the wall from the first on and before the last, so that spans can follow on."""

    first: datetime
    last: datetime

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


Span = DateSpan | InstantSpan
Single = str | int | Decimal | date
Value = Single | bool | Span | tuple[Single, ...] | None
Kept = str | int | bool | list[str]
"""A value as a run's row keeps it, in JSON: a relative date is still a word."""

SPANS = (ParameterType.DATE_RANGE, ParameterType.MONTH, ParameterType.SINCE)
"""The types that stand in SQL as two names."""
SEVERAL = (
    ParameterType.MULTI_CHOICE,
    ParameterType.MULTI_CHOICE_SQL,
    ParameterType.COMPANIES,
)
"""The types whose value is a list; nothing is all of what can be chosen."""
OF_COMPANIES = (ParameterType.COMPANY, ParameterType.COMPANIES)
"""The types whose choices are the companies of the report's source."""
OF_SQL = (ParameterType.CHOICE_SQL, ParameterType.MULTI_CHOICE_SQL)
"""The types whose choices a query over the report's source offers."""


def bound_names(name: str, type: ParameterType) -> tuple[str, ...]:
    """Return the names by which a text uses a parameter: a span has two, its first and its last."""
    return (f"{name}_from", f"{name}_to") if type in SPANS else (name,)


def bound_values(values: Mapping[str, object]) -> dict[str, object]:
    """Return the values by the names that a text uses: those of a span one by one."""
    bound: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, Span):
            bound |= {f"{name}_from": value.first, f"{name}_to": value.last}
        else:
            bound[name] = value
    return bound
