"""Whatever the text, the guard answers, and soon."""

import time
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reports.guard import check
from tasks.reports.guard.checking import MOST_PROBLEMS
from tasks.sources import hana_dialect, missing, names
from tasks.sources.sql_text import SqlError
from tests.unit.reports.guard.catalogue import CATALOGUE
from tests.unit.reports.guard.examples import examples

PATIENCE = 5.0
"""Seconds of work, whatever else the machine does; ten times what the slowest takes."""

WORDS = r"""
SELECT FROM WHERE WITH AS ( ( ) ) , . ; : ? * + - = < > ' " '' "" -- /* */ [%0] $[ $[x] {schema} { }
ORDR "OCRD" T0 "T0"."DocNum" SUM COUNT( OVER PARTITION BY GROUP ORDER UNION ALL CASE WHEN THEN ELSE
END CAST( IN BETWEEN AND LIKE_REGEXPR FLAG TOP LIMIT OFFSET JOIN LEFT ON HIERARCHY( SOURCE START
SERIES_GENERATE_DATE( JSON_VALUE( JSON_TABLE( COLUMNS PATH XMLTABLE( PLACEHOLDER."$$a$$"=> FOR JSON
XML UPDATE HINT( INTO VALUES DELETE NULL IS NOT EXISTS INTERVAL DATE LATERAL( WITHIN FILTER
GROUPING SETS BEST 3 MANY TO ONE MEMBER OF X'F' N'a' ； ’ ğ :name 1 1.5 1e5 DUMMY LOCATE_REGEXPR(
EXTRACT( TRIM( LEADING PRIOR
"""
PIECES = st.sampled_from([*WORDS.split(), "\n", "\r", "\t", "\x00"])


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_words_of_sql_in_any_order_get_a_verdict(sql: str) -> None:
    check(sql, parameters=["name"], catalogue=CATALOGUE)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200))
def test_any_text_gets_a_verdict(text: str) -> None:
    check(text, catalogue=CATALOGUE)
    check(f"SELECT {text} FROM DUMMY", catalogue=CATALOGUE)


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_a_good_query_with_a_piece_put_in_or_taken_out_gets_a_verdict(data: st.DataObject) -> None:
    _, sql = data.draw(st.sampled_from(examples("accepted.sql")))
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(sql))] * 2)))
    verdict = check(sql[:start] + data.draw(PIECES) + sql[end:], catalogue=CATALOGUE)
    assert all(1 <= one.line <= sql.count("\n") + 3 and one.column >= 1 for one in verdict.problems)


@settings(deadline=None, max_examples=100)
@given(st.text(), st.sampled_from(["'", '"']))
def test_what_a_text_or_a_name_holds_is_never_read_as_sql(inside: str, quote: str) -> None:
    held = inside.replace(quote, quote * 2)
    problems = check(f"SELECT {quote}{held or 'x'}{quote} FROM DUMMY").problems
    assert [one.message for one in problems if "does not belong here" not in one.message] == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT " + "(" * 3_000 + "1" + ")" * 3_000 + " FROM DUMMY",
        "SELECT " + "(" * 3_000,
        "SELECT " + "NOT " * 9_000 + "1 FROM DUMMY",
        "SELECT " + "- " * 9_000 + "1 FROM DUMMY",
        "SELECT " + "CASE WHEN 1 = 1 THEN " * 2_000 + "1" + " END" * 2_000 + " FROM DUMMY",
        "SELECT " + "ABS(" * 30 + "1" + ")" * 30 + " FROM DUMMY",
        "SELECT * FROM " + "(SELECT * FROM " * 30 + "DUMMY" + ")" * 30,
        "SELECT * FROM " + "OCRD A JOIN (SELECT * FROM " * 30 + "OCRD" + ") B ON 1 = 1" * 30,
        "SELECT * FROM OCRD" + ", LATERAL (SELECT * FROM OCRD" * 30 + ") B" * 30,
        "SELECT * FROM OCRD WHERE " + "1 = (SELECT 1 FROM OCRD WHERE " * 30 + "1 = 1" + ")" * 30,
        "WITH "
        + "a AS (WITH " * 30
        + "b AS (SELECT 1 FROM OCRD) SELECT 1 FROM b"
        + ") SELECT 1 FROM a" * 30,
        "SELECT 1 FROM DUMMY" + " UNION ALL SELECT 1 FROM DUMMY" * 1_500,
        "SELECT " + "1 + " * 4_500 + "1 FROM DUMMY",
        "SELECT 1 FROM DUMMY WHERE " + "x = 1 AND " * 2_000 + "x = 2",
        "SELECT " + "a, " * 4_500 + "b FROM ORDR",
        "SELECT 1 FROM " + "DUMMY, " * 4_500 + "DUMMY",
        "'" * 99_999,
        '"' * 99_999,
        "/*" * 50_000,
        "--" * 50_000,
        "$[" * 50_000,
        "[%" * 50_000,
        "(" * 99_999,
        ")" * 99_999,
        ";" * 99_999,
        "SELECT 1 FROM DUMMY" + ";" * 9_000,
        "SELECT " + "HIERARCHY(" * 4_500,
        "SELECT " + "JSON_VALUE(a NULL " * 2_400,
        "SELECT " + "WITH HINT(" * 3_000,
        "SELECT 1 FOR JSON " + "( " * 9_000,
        "SELECT 1 FOR JSON " + ") " * 9_000,
        "SELECT 1 FROM DUMMY " + "TO " * 9_000 + "JOIN",
        "SELECT 1 FROM DUMMY " + "JOIN TO " * 4_500,
        "WITH "
        + ", ".join(f"a{n} AS (SELECT * FROM a{n - 1})" for n in range(1, 900))
        + " SELECT 1",
        "é" * 100_000,
        "x" * 100_001,
    ],
    ids=lambda sql: f"{len(sql)} of {sql[:24]}",
)
def test_a_hostile_size_is_answered_in_time(sql: str) -> None:
    began = time.process_time()
    check(sql, catalogue=CATALOGUE)
    assert time.process_time() - began < PATIENCE


def test_three_thousand_parentheses_are_refused_as_what_they_are() -> None:
    problem = check("SELECT " + "(" * 3_000 + "1" + ")" * 3_000 + " FROM DUMMY").problems[0]
    assert "more than 35 levels deep; split it with WITH" in problem.message
    assert (problem.line, problem.column) == (1, 43)


def test_nesting_of_thirty_levels_is_fine() -> None:
    assert check("SELECT " + "IFNULL(" * 30 + "1" + ", 0)" * 30 + " FROM DUMMY").ok


def test_a_text_longer_than_a_report_may_be_is_refused() -> None:
    verdict = check("SELECT 1 FROM DUMMY" + " " * 100_000)
    assert [one.message for one in verdict.problems] == [
        "The query is longer than 100000 characters."
    ]


@pytest.fixture
def looked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each name whose nearest one was looked for, which takes milliseconds among many."""
    looked: list[str] = []
    nearest = missing._nearest

    def kept(name: str, known: Iterable[str]) -> str:
        looked.append(name)
        return nearest(name, known)

    monkeypatch.setattr(missing, "_nearest", kept)
    return looked


def test_only_for_the_problems_that_are_shown_a_better_name_is_looked_for(
    looked_for: list[str],
) -> None:
    wanted = [f"Unknown{number}" for number in range(1_500)]
    columns = ", ".join(f'"{name}"' for name in wanted)
    verdict = check(f"SELECT {columns} FROM ORDR", catalogue=CATALOGUE)
    assert [one.values["name"] for one in verdict.problems] == wanted[:MOST_PROBLEMS]
    assert looked_for == wanted[:MOST_PROBLEMS]


def test_a_source_that_tells_one_problem_looks_for_one_name(looked_for: list[str]) -> None:
    sql = 'SELECT "First", "Second" FROM NOTHING UNION ALL SELECT "Third" FROM ORDR'
    known = {"ORDR": frozenset({"DocNum"})}
    with pytest.raises(SqlError, match="NOTHING"):
        names.check(sql, hana_dialect.parse(sql), known, schema="SBODEMOTR")
    assert looked_for == ["NOTHING"]
