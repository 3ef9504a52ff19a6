"""What each type of parameter takes and gives: a new type is one more entry here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from tasks.errors import mark
from tasks.reports.meant import Meant
from tasks.reports.parameters import company, dated, plain
from tasks.reports.parameters.types import Kept, ParameterType, Value

if TYPE_CHECKING:
    from tasks.reports.parameters.definition import ParameterDefinition


@dataclass(frozen=True, slots=True)
class Kind:
    """`keep` checks what was typed, `value` makes of what is kept what the source is given.

    Both raise ValueError or KeyError for what does not fit; `expected` is the sentence then.
    """

    keep: Callable[[str, "ParameterDefinition"], Kept]
    value: Callable[[Kept, Meant, "ParameterDefinition"], Value]
    expected: str


def _kind(keep: Callable[[str], Kept], value: Callable[[Kept], Value], expected: str) -> Kind:
    return Kind(lambda text, _: keep(text), lambda kept, _meant, _one: value(kept), expected)


def _dated(keep: Callable[[str], str], value: Callable[[str, Meant], Value], expected: str) -> Kind:
    return Kind(
        lambda text, _: keep(text),
        lambda kept, meant, _one: value(cast(str, kept), meant),
        expected,
    )


NO_COMPANY = mark("{title}: “{given}” is not a company that this report may read.")

TOO_MANY = mark("{title}: these are too many. At most 200 can be chosen at once.")
"""Else any text is taken: the choices are known to the source, which is asked when a run begins."""

KINDS: dict[ParameterType, Kind] = {
    ParameterType.TEXT: _kind(str, plain.as_is, mark("{title}: “{given}” is not a text.")),
    ParameterType.INTEGER: _kind(
        plain.keep_integer,
        plain.as_is,
        mark("{title}: “{given}” is not a whole number such as 12."),
    ),
    ParameterType.DECIMAL: _kind(
        plain.keep_decimal,
        plain.as_decimal,
        mark("{title}: “{given}” is not a number such as 12.5."),
    ),
    ParameterType.DATE: _dated(
        dated.keep_date,
        dated.as_date,
        mark(
            "{title}: “{given}” is not a date. Write it like 2026-01-31 or 31.01.2026, or a word "
            "such as today, previous_working_day, first_of_month or days_ago(7)."
        ),
    ),
    ParameterType.DATE_RANGE: _dated(
        dated.keep_range,
        dated.as_range,
        mark(
            "{title}: “{given}” is not a range of dates. Give the first and the last day, such as "
            "2026-01-01/2026-01-31 or first_of_month/today."
        ),
    ),
    ParameterType.MONTH: _dated(
        dated.keep_month,
        dated.as_month,
        mark("{title}: “{given}” is not a month such as 2026-01, this_month or last_month."),
    ),
    ParameterType.SINCE: Kind(
        lambda text, _: dated.keep_since(text),
        lambda kept, meant, one: dated.as_since(cast(str, kept), meant, one.default),
        mark(
            "{title}: “{given}” is neither since_last_success nor two instants such as "
            "2026-01-01 08:00/2026-01-02 08:00."
        ),
    ),
    ParameterType.BOOLEAN: _kind(
        plain.keep_boolean, plain.as_is, mark("{title}: “{given}” is neither yes nor no.")
    ),
    ParameterType.CHOICE: Kind(
        lambda text, one: plain.keep_choice(text, one.choices),
        lambda kept, _meant, _one: plain.as_is(kept),
        mark("{title}: “{given}” is not one of {choices}."),
    ),
    ParameterType.MULTI_CHOICE: Kind(
        lambda text, one: plain.keep_choices(plain.chosen(text), one.choices),
        lambda kept, _meant, _one: plain.as_several(kept),
        mark("{title}: “{given}” is not one of {choices}."),
    ),
    ParameterType.CHOICE_SQL: _kind(str, plain.as_is, TOO_MANY),
    ParameterType.MULTI_CHOICE_SQL: _kind(plain.keep_codes, plain.as_several, TOO_MANY),
    ParameterType.COMPANY: Kind(
        lambda text, one: company.keep_company(text, one.companies),
        lambda kept, _meant, _one: plain.as_is(kept),
        NO_COMPANY,
    ),
    ParameterType.COMPANIES: Kind(
        lambda text, one: company.keep_companies(text, one.companies),
        lambda kept, _meant, _one: plain.as_several(kept),
        NO_COMPANY,
    ),
}
