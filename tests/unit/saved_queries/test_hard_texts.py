"""Saved queries that are very long or very odd, or ask for much: each gets an answer, and soon."""

import logging
from collections.abc import Mapping
from time import process_time

import pytest

from tasks.reports.guard.letters import LONGEST
from tasks.reports.parameters import ParameterType
from tasks.reports.render import Language
from tasks.saved_queries.asking import LONGEST_LABEL
from tasks.saved_queries.converting import Company, Converted, Outcome, convert
from tasks.saved_queries.reading import SavedQuery

COMPANY = Company({"OCRD": {"CardCode": ParameterType.TEXT, "CreateDate": ParameterType.DATE}})
SECONDS = 6.0
"""Seconds of work, whatever else the machine does; ten times what the slowest of these needs."""
FILL = "SELECT 'x' AS A FROM DUMMY "


class Unreadable(dict[str, Mapping[str, ParameterType]]):
    """Tables that cannot be looked up, as after a mistake of ours."""

    def get(self, *_: object) -> Mapping[str, ParameterType]:
        raise ZeroDivisionError


def converted(text: str, company: Company = COMPANY) -> Converted:
    return convert(SavedQuery(7, "Sales", "Odd", text), company, Language.ENGLISH)


def told(found: Converted) -> str:
    return " ".join(one.message for one in found.problems)


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ("'[%0]' IN (SELECT T1.\"CardCode\" FROM OCRD T1)", "card_code"),
        ("'[%0]' NOT IN (SELECT T1.\"CreateDate\" FROM OCRD T1)", "create_date"),
        ("'[%0]' IN (SELECT 1 FROM DUMMY UNION SELECT 2 FROM DUMMY)", "value"),
    ],
)
def test_a_mark_is_compared_with_the_first_column_of_a_list_that_is_a_query(
    condition: str, name: str
) -> None:
    found = converted(f'SELECT T0."CardCode" FROM OCRD T0 WHERE {condition}')
    assert found.problems == ()
    assert [one.name for one in found.parameters] == [name]


def test_the_second_of_two_long_labels_still_fits() -> None:
    column = "U_" + "A" * 125
    text = f"SELECT 1 AS A FROM OCRD WHERE \"{column}\" = '[%0]' OR \"{column}\" = '[%1]'"
    first, second = converted(text).parameters
    assert (len(first.label), len(second.label)) == (LONGEST_LABEL, LONGEST_LABEL)
    assert second.label.endswith("A 2")
    assert second.name.endswith("a_2")


def test_what_the_program_cannot_read_is_told_on_its_line_and_takes_no_other_down(
    caplog: pytest.LogCaptureFixture,
) -> None:
    text = "SELECT 1 AS A FROM OCRD T0 WHERE T0.\"CardCode\" = '[%0]'"
    with caplog.at_level(logging.ERROR):
        found = converted(text, Company(Unreadable()))
    assert (found.outcome, found.sql) == (Outcome.CANNOT, text)
    assert "It cannot be taken: the program failed on it (ZeroDivisionError)" in told(found)
    [record] = caplog.records
    assert record.__dict__["query"] == 7
    assert record.exc_info is not None


@pytest.mark.parametrize(
    "comment",
    [
        "/* T0.a" + " " * LONGEST,
        "/* T0." + "a" * LONGEST,
        "/* " + "a" * LONGEST,
        "/* T0" + " " * LONGEST,
        "/* T0.a " + "T0.a = " * LONGEST,
        '/* T0."' + "a" * LONGEST,
        "/* " + 'T0."' * LONGEST,
        "/* " + "T0.[a" * LONGEST,
        "/* FROM " + " " * LONGEST,
        "/* FROM " + "a" * LONGEST,
        "/* FROM a." + " " * LONGEST,
        "/* FROM a " + "AS " * LONGEST,
        "/* " + "FROM JOIN " * LONGEST,
        "-- " + "a." * LONGEST,
        "/**/" * LONGEST,
    ],
)
def test_no_comment_keeps_a_reader_waiting(comment: str) -> None:
    end = " */" if comment.startswith("/* ") else ""
    started = process_time()
    converted(FILL + comment[: LONGEST - len(FILL) - len(end)] + end)
    assert process_time() - started < SECONDS


@pytest.mark.parametrize(
    "piece",
    [" OR '[%0]' = ''", " OR T0.\"CardCode\" = '[%0]'", " OR '[%{}]' = ''", " $[x]", " [%{}]"],
)
@pytest.mark.parametrize("count", [150, 5_000])
def test_no_number_of_marks_keeps_a_reader_waiting(piece: str, count: int) -> None:
    text = "SELECT 1 AS A FROM OCRD T0 WHERE 1 = 2"
    pieces = "".join(piece.format(number) for number in range(count))
    started = process_time()
    converted((text + pieces)[:LONGEST])
    assert process_time() - started < SECONDS


@pytest.mark.parametrize("tables", [["w"] * 30, ["w", "v"] * 10])
def test_a_with_that_reads_itself_many_times_keeps_no_reader_waiting(tables: list[str]) -> None:
    named = ", ".join(f"{table} x{number}" for number, table in enumerate(tables))
    text = f'WITH w AS (SELECT "A" FROM {named}), v AS (SELECT "A" FROM {named})'
    started = process_time()
    found = converted(f'{text} SELECT "A" FROM w WHERE "A" = \'[%0]\'')
    assert process_time() - started < SECONDS
    assert [one.name for one in found.parameters] == ["a"]


def test_more_marks_than_a_task_has_parameters_are_refused() -> None:
    text = "SELECT 1 AS A FROM OCRD T0 WHERE 1 = 2"
    fifty = "".join(f" OR T0.\"CardCode\" = '[%{number}]'" for number in range(50))
    assert len(converted(text + fifty).parameters) == 50
    assert "asks for more than 50 values" in told(converted(text + fifty + " OR '[%50]' = ''"))


def test_one_mark_may_stand_in_many_places_but_not_in_any_number() -> None:
    text = "SELECT 1 AS A FROM OCRD T0 WHERE 1 = 2"
    asking = " OR T0.\"CardCode\" = '[%0]'"
    assert len(converted(text + asking * 200).parameters) == 1
    assert "in more than 200 places" in told(converted(text + asking * 201))


def test_a_text_that_is_too_long_is_refused_before_it_is_read() -> None:
    started = process_time()
    found = converted("SELECT '[%0]' " + "[%0] " * LONGEST * 10)
    assert "The query is longer than 100000 characters." in told(found)
    assert process_time() - started < 1.0
