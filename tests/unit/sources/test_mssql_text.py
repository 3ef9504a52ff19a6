"""A text for SQL Server is one reading query, whatever its texts, names and comments hold."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.sources.mssql_text import _REFUSED, Asked, check_reads, tokens
from tasks.sources.sql_text import SqlError

WRITES = ("DELETE", "Commit", "exec", "INTO", "openrowset", "SET", "ｄｒｏｐ", "next value for")
INSIDE = st.text("abı'\"[]/*-?; \n", max_size=8) | st.sampled_from(WRITES)
TEXTS = INSIDE.map(lambda one: "'" + one.replace("'", "''") + "'")
QUOTED = INSIDE.map(lambda one: '"' + one.replace('"', '""') + '"')
BRACKETED = INSIDE.map(lambda one: "[" + one.replace("]", "]]") + "]")
LINES = INSIDE.map(lambda one: "--" + one.replace("\n", " ") + "\n")
BLOCKS = INSIDE.map(lambda one: "/*" + one.replace("*", " ").replace("/", " ") + "*/")
NESTED = BLOCKS.map(lambda one: f"/* {one} */")
HARMLESS = st.sampled_from(("a", "FROM", "1", "1.5", ",", "(x)", "ş", "N", "@@SPID", "<>"))
PIECES = st.lists(st.one_of(TEXTS, QUOTED, BRACKETED, LINES, BLOCKS, NESTED, HARMLESS), max_size=8)


def joined(pieces: list[str]) -> str:
    return " ".join(["SELECT", *pieces])


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_what_stands_in_texts_names_and_comments_is_never_refused(pieces: list[str]) -> None:
    sql = joined(pieces)
    check_reads(sql)
    assert "".join(one.text for one in tokens(sql)).replace(" ", "").replace(
        "\n", ""
    ) == sql.replace(" ", "").replace("\n", "")


@settings(max_examples=300, deadline=None)
@given(PIECES, st.sampled_from((*sorted(_REFUSED), *WRITES)), PIECES)
def test_a_word_that_begins_another_statement_is_found_wherever_it_hides(
    before: list[str], word: str, after: list[str]
) -> None:
    sql = joined([*before, word, *after])
    with pytest.raises(SqlError) as refused:
        check_reads(sql)
    start = len(joined(before)) + 1
    assert refused.value.line == sql.count("\n", 0, start) + 1


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_judged_and_nothing_breaks(text: str) -> None:
    for sql in (text, f"SELECT {text}"):
        with suppress(SqlError):
            Asked.of(sql, "dbo")


def test_a_company_with_an_apostrophe_cannot_leave_a_text() -> None:
    """Whoever puts the company in knows no brackets, so this text of the author misleads it."""
    assert Asked.of("SELECT a FROM {schema}.t", "it's").sql == 'SELECT a FROM "it\'s".t'
    with pytest.raises(SqlError):
        Asked.of("SELECT [it's], '{schema}' FROM t", "x' DROP TABLE t --")


@pytest.mark.parametrize(
    ("sql", "marks"),
    [
        ("SELECT ?", 1),
        ("SELECT '?', [?], \"?\", ? /* ? */ -- ?", 1),
        ("SELECT [it's ?], ?, ?", 2),
        ("SELECT 1", 0),
    ],
)
def test_only_marks_outside_of_texts_want_a_value(sql: str, marks: int) -> None:
    assert Asked.of(sql, "").marks == marks


def test_a_long_text_is_judged_in_no_time() -> None:
    sql = "SELECT " + "(" * 20_000 + "/*" * 5_000 + "*/" * 5_000 + "'a''b'," * 20_000 + "1"
    check_reads(sql)
