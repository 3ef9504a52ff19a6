"""Parameters: what is taken, what is refused, and what a relative date means."""

from datetime import date
from decimal import Decimal

import pytest

from tasks.errors import Invalid
from tasks.reports.parameters import (
    ParameterDefinition,
    ParameterType,
    accept,
    check_plain,
    resolve,
)


def a_parameter(type: ParameterType, **values: object) -> ParameterDefinition:
    return ParameterDefinition.model_validate({"name": "p", "type": type} | values)


@pytest.mark.parametrize(
    ("type", "given", "value"),
    [
        ("text", " Işık A.Ş. ", "Işık A.Ş."),
        ("text", "0042", "0042"),
        ("integer", "12", 12),
        ("decimal", "12.50", Decimal("12.50")),
        ("decimal", "12,50", Decimal("12.50")),
        ("date", "2026-01-31", date(2026, 1, 31)),
        ("date", "31.01.2026", date(2026, 1, 31)),
        ("boolean", "yes", True),
        ("boolean", "False", False),
    ],
)
def test_what_was_typed_becomes_a_value_of_its_type(
    type: ParameterType, given: str, value: object
) -> None:
    definitions = [a_parameter(type)]
    kept = accept(definitions, {"p": given})
    assert resolve(definitions, kept, meant=date(2026, 3, 16)) == {"p": value}


@pytest.mark.parametrize(
    ("type", "given"),
    [
        ("integer", "12.5"),
        ("integer", "many"),
        ("decimal", "1,000.50"),
        ("decimal", "NaN"),
        ("date", "31.02.2026"),
        ("date", "tomorrow-ish"),
        ("boolean", "perhaps"),
        ("choice", "c"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(type: ParameterType, given: str) -> None:
    choices = ["a", "b"] if type == "choice" else []
    with pytest.raises(Invalid) as refused:
        accept([a_parameter(type, label="Customer", choices=choices)], {"p": given})
    assert refused.value.field == "parameters.p"
    assert given in refused.value.message
    assert refused.value.message.startswith("Customer: ")


@pytest.mark.parametrize(
    ("given", "kept"),
    [("12.50", "12.5"), ("1.000", "1"), ("1e3", "1000"), ("-0", "0"), ("1E-7", "0.0000001")],
)
def test_a_number_is_kept_as_the_one_text_that_means_it(given: str, kept: str) -> None:
    assert accept([a_parameter(ParameterType.DECIMAL)], {"p": given}) == {"p": kept}
    definition = a_parameter(ParameterType.DECIMAL, default=given, minimum=given, maximum=given)
    assert (definition.default, definition.minimum, definition.maximum) == (kept, kept, kept)


def test_what_was_once_kept_with_a_comma_is_read_as_it_was_then() -> None:
    assert a_parameter(ParameterType.DECIMAL, default="1,000").default == "1"
    assert accept([a_parameter(ParameterType.DECIMAL)], {"p": "12,5"}) == {"p": "12.5"}


@pytest.mark.parametrize("given", ["12,5", "1,000", "1,000.50"])
@pytest.mark.parametrize("type", [ParameterType.DECIMAL, ParameterType.INTEGER])
def test_a_program_gives_a_number_with_a_point_only(given: str, type: ParameterType) -> None:
    with pytest.raises(Invalid, match=r"such as 1234\.5") as refused:
        check_plain([a_parameter(type)], {"p": given})
    assert refused.value.field == "parameters.p"


def test_a_program_may_give_anything_else() -> None:
    several = [a_parameter(ParameterType.TEXT), a_parameter(ParameterType.DECIMAL)]
    check_plain(several[:1], {"p": "a, b"})
    for given in ("12.5", "1.000", 12.5, 7, None):
        check_plain(several[1:], {"p": given})


def test_an_unknown_parameter_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="no parameter “q”. Known: p"):
        accept([a_parameter(ParameterType.TEXT)], {"p": "x", "q": "y"})


def test_a_missing_one_takes_its_default_or_is_refused() -> None:
    assert accept([a_parameter(ParameterType.INTEGER, default="7")], {}) == {"p": 7}
    assert accept([a_parameter(ParameterType.TEXT, required=False)], {"p": ""}) == {"p": None}
    with pytest.raises(Invalid, match="p is missing"):
        accept([a_parameter(ParameterType.TEXT)], {"p": "  "})


@pytest.mark.parametrize(
    ("word", "day"),
    [
        ("today", date(2026, 3, 16)),
        ("first_of_month", date(2026, 3, 1)),
        ("first_of_last_month", date(2026, 2, 1)),
        ("last_of_last_month", date(2026, 2, 28)),
        ("days_ago(16)", date(2026, 2, 28)),
        ("days_ago(0)", date(2026, 3, 16)),
    ],
)
def test_a_relative_date_counts_from_the_day_that_was_meant(word: str, day: date) -> None:
    definitions = [a_parameter(ParameterType.DATE, default=word)]
    kept = accept(definitions, {})
    assert kept == {"p": word}
    assert resolve(definitions, kept, meant=date(2026, 3, 16)) == {"p": day}


def test_a_default_that_does_not_fit_its_type_is_refused() -> None:
    with pytest.raises(Invalid, match="is not a whole number"):
        a_parameter(ParameterType.INTEGER, default="x")


def test_a_choice_without_choices_is_refused() -> None:
    with pytest.raises(Invalid, match="give the choices"):
        a_parameter(ParameterType.CHOICE)
