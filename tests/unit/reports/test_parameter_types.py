"""Ranges, months, several choices and spans since the last success: what is kept and bound."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tasks.errors import Invalid
from tasks.reports.meant import Meant
from tasks.reports.parameters import (
    DateSpan,
    InstantSpan,
    ParameterDefinition,
    Value,
    accept,
    as_used,
    bound_values,
    minds_history,
    resolve,
)

ISTANBUL = ZoneInfo("Europe/Istanbul")
AT = datetime(2026, 3, 16, 9, tzinfo=ISTANBUL)
COLOURS = ["red", "green", "blue"]


def a_parameter(type: str, **values: Any) -> ParameterDefinition:
    choices = {"choices": COLOURS} if "choice" in type else {}
    return ParameterDefinition.model_validate({"name": "p", "type": type} | choices | values)


def kept(one: ParameterDefinition, given: object = None) -> object:
    return accept([one], {"p": given})["p"]


def value(one: ParameterDefinition, given: object = None, meant: Meant | None = None) -> Value:
    return resolve([one], accept([one], {"p": given}), meant=meant or Meant(AT))["p"]


@pytest.mark.parametrize(
    ("given", "keeps", "first", "last"),
    [
        ("2026-01-01/2026-01-31", "2026-01-01/2026-01-31", "2026-01-01", "2026-01-31"),
        (" 01.01.2026 / 31.01.2026 ", "2026-01-01/2026-01-31", "2026-01-01", "2026-01-31"),
        ("first_of_month/today", "first_of_month/today", "2026-03-01", "2026-03-16"),
        ("2026-03-01/yesterday", "2026-03-01/yesterday", "2026-03-01", "2026-03-15"),
        ("today", "today/today", "2026-03-16", "2026-03-16"),
    ],
)
def test_a_range_is_two_dates_or_words(given: str, keeps: str, first: str, last: str) -> None:
    one = a_parameter("date_range")
    assert kept(one, given) == keeps
    assert value(one, given) == DateSpan(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("given", "keeps", "last"),
    [
        ("2028-02", "2028-02", "2028-02-29"),
        ("02.2028", "2028-02", "2028-02-29"),
        ("2/2028", "2028-02", "2028-02-29"),
        ("last_month", "last_month", "2026-02-28"),
        ("months_ago(4)", "months_ago(4)", "2025-11-30"),
        ("same_month_last_year", "same_month_last_year", "2025-03-31"),
    ],
)
def test_a_month_is_its_first_and_its_last_day(given: str, keeps: str, last: str) -> None:
    one, end = a_parameter("month"), date.fromisoformat(last)
    assert kept(one, given) == keeps
    assert value(one, given) == DateSpan(end.replace(day=1), end)


def test_several_choices_are_kept_in_their_order_and_each_once() -> None:
    one = a_parameter("multi_choice")
    for given in ("blue, red,blue", ["blue", "red", "red"], "blue\nred"):
        assert kept(one, given) == ["red", "blue"]
    assert value(one, ["green"]) == ("green",)


def test_none_of_several_means_all_where_none_is_allowed() -> None:
    optional = a_parameter("multi_choice", required=False)
    assert (kept(optional, []), value(optional, [])) == (None, tuple(COLOURS))
    assert kept(a_parameter("multi_choice", default="red,blue"), []) == ["red", "blue"]
    with pytest.raises(Invalid, match="p is missing"):
        kept(a_parameter("multi_choice"), [])


@pytest.mark.parametrize(
    ("type", "given"),
    [
        ("date_range", "2026-01-31/2026-01-01"),
        ("date_range", "2026-01-01/"),
        ("date_range", "/2026-01-01"),
        ("date_range", "2026-01-01/2026-01-02/2026-01-03"),
        ("date_range", "soon/today"),
        ("month", "2026-13"),
        ("month", "2026-1"),
        ("month", "2026-01-01"),
        ("month", "today"),
        ("multi_choice", "red, pink"),
        ("since_last_success", "yesterday"),
        ("since_last_success", "2026-01-02/2026-01-01"),
        ("since_last_success", "2026-01-01T00:00+03:00/2026-01-02"),
        ("integer", "1_000"),
        ("integer", "9" * 19),
        ("integer", "9" * 3_999),
        ("decimal", "1e39"),
        ("decimal", "1e-39"),
        ("decimal", "1" * 39),
        ("decimal", "sNaN"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(type: str, given: str) -> None:
    with pytest.raises(Invalid) as refused:
        kept(a_parameter(type), given)
    assert refused.value.field == "parameters.p"
    assert refused.value.message.startswith("p: ")


def test_a_range_of_words_that_ends_before_it_begins_is_refused_when_it_is_meant() -> None:
    one = a_parameter("date_range")
    with pytest.raises(Invalid, match="is not a range of dates"):
        value(one, "tomorrow/today")


@pytest.mark.parametrize("type", ["text", "choice", "multi_choice", "date", "integer"])
@pytest.mark.parametrize("letter", ["\0", "\ud83d"])
def test_what_is_no_text_is_refused_and_not_cut(type: str, letter: str) -> None:
    with pytest.raises(Invalid, match="holds a character that is no text"):
        kept(a_parameter(type), f"red{letter}")


def test_a_text_that_is_too_long_is_refused() -> None:
    assert kept(a_parameter("text"), "x" * 4_000) == "x" * 4_000
    with pytest.raises(Invalid, match="at most 4000 characters"):
        kept(a_parameter("text"), "x" * 4_001)


@pytest.mark.parametrize(
    ("type", "bounds", "fits", "small", "large"),
    [
        ("integer", ("1", "10"), "10", "0", "11"),
        ("decimal", ("-0.5", "0,5"), "0.5", "-0.51", "0.51"),
        ("date", ("2026-01-01", "31.12.2026"), "31.12.2026", "2025-12-31", "2027-01-01"),
        ("date", ("first_of_year", "today"), "today", "2025-12-31", "2026-03-17"),
        ("month", ("2026-02-01", "2026-02-28"), "2026-02", "2026-01", "2026-03"),
        (
            "date_range",
            ("2026-01-01", "today"),
            "2026-01-01/today",
            "2025-12-31/today",
            "2026-01-01/tomorrow",
        ),
    ],
)
def test_a_value_lies_within_its_bounds(
    type: str, bounds: tuple[str, str], fits: str, small: str, large: str
) -> None:
    one = a_parameter(type, minimum=bounds[0], maximum=bounds[1])
    assert value(one, fits) is not None
    with pytest.raises(Invalid, match="is too small"):
        value(one, small)
    with pytest.raises(Invalid, match="is too large"):
        value(one, large)


def test_a_bound_that_stands_fast_is_minded_before_the_run() -> None:
    with pytest.raises(Invalid, match="The most is 2026-12-31"):
        kept(a_parameter("date", maximum="2026-12-31"), "2027-01-01")
    assert kept(a_parameter("date", maximum="today"), "2027-01-01") == "2027-01-01"


@pytest.mark.parametrize(
    ("values", "sentence", "field"),
    [
        ({"type": "text", "minimum": "1"}, "cannot be a bound", "minimum"),
        ({"type": "integer", "maximum": "x"}, "cannot be a bound", "maximum"),
        ({"type": "integer", "maximum": "5", "default": "6"}, "is too large", "default"),
        ({"type": "multi_choice", "choices": []}, "give the choices", "choices"),
        ({"type": "multi_choice", "choices": ["a,b"]}, "holds a comma", "choices"),
        ({"type": "choice", "choices": ["a\0"]}, "is no text", "choices"),
        ({"type": "multi_choice", "default": "pink"}, "is not one of", "default"),
        ({"type": "since_last_success", "default": "now"}, "cannot begin at", "default"),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(
    values: dict[str, Any], sentence: str, field: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        a_parameter(**values)
    assert refused.value.field == f"parameters.p.{field}"


def test_a_span_since_the_last_success_ends_where_this_run_begins() -> None:
    one = a_parameter("since_last_success")
    last = datetime(2026, 3, 15, 6, tzinfo=UTC)
    assert kept(one) == "since_last_success"
    assert value(one, meant=Meant(AT, last_success=last)) == InstantSpan(
        datetime.fromisoformat("2026-03-15T09:00"), datetime.fromisoformat("2026-03-16T09:00")
    )


@pytest.mark.parametrize(
    ("default", "first"),
    [
        ("", "2026-03-15T09:00"),
        ("hours_ago(2)", "2026-03-16T07:00"),
        ("first_of_month", "2026-03-01T00:00"),
        ("01.02.2026", "2026-02-01T00:00"),
        ("2026-02-01 08:30", "2026-02-01T08:30"),
    ],
)
def test_the_first_run_of_all_begins_where_its_author_says(default: str, first: str) -> None:
    span = value(a_parameter("since_last_success", default=default))
    assert isinstance(span, InstantSpan)
    assert span.first == datetime.fromisoformat(first)


def test_two_instants_can_be_given_instead() -> None:
    one = a_parameter("since_last_success")
    given = "01.02.2026 08:00/2026-02-02"
    assert kept(one, given) == "2026-02-01T08:00:00/2026-02-02T00:00:00"
    assert value(one, given) == InstantSpan(
        datetime.fromisoformat("2026-02-01T08:00"), datetime.fromisoformat("2026-02-02T00:00")
    )


def test_a_span_has_two_names() -> None:
    one = a_parameter("month")
    assert one.names == ("p_from", "p_to")
    assert bound_values({"p": value(one, "2026-01"), "q": 1}) == {
        "p_from": date(2026, 1, 1),
        "p_to": date(2026, 1, 31),
        "q": 1,
    }


@pytest.mark.parametrize(
    ("type", "given", "used"),
    [
        ("date", "yesterday", "2026-03-15"),
        ("date_range", "first_of_month/today", "2026-03-01/2026-03-16"),
        ("month", "last_month", "2026-02"),
        ("since_last_success", None, "2026-03-15T09:00:00/2026-03-16T09:00:00"),
        ("multi_choice", "red", ["red"]),
        ("integer", "12", 12),
    ],
)
def test_a_next_run_takes_over_the_days_and_not_the_words(
    type: str, given: object, used: object
) -> None:
    one = a_parameter(type)
    handed = as_used(one, kept(one, given), Meant(AT))
    assert handed == used
    assert value(one, handed, Meant(AT.replace(year=2027))) == value(one, given)


@pytest.mark.parametrize(
    ("type", "given", "minds"),
    [
        ("date", "today", False),
        ("date", "next_working_day", True),
        ("date_range", "previous_working_day/today", True),
        ("since_last_success", None, True),
        ("since_last_success", "2026-01-01/2026-01-02", False),
        ("text", "next_working_day", False),
    ],
)
def test_only_some_words_need_the_calendar_or_the_runs_before(
    type: str, given: object, minds: bool
) -> None:
    one = a_parameter(type)
    assert minds_history([one], {"p": kept(one, given)}) is minds
