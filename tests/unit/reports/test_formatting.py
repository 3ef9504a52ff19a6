"""Laying out changes how a query looks, and nothing of what it says."""

import re
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.errors import Invalid
from tasks.kit.report import kit
from tasks.reports.formatting import formatted
from tasks.reports.formatting.words import KEYWORDS
from tasks.reports.guard import check
from tasks.reports.render import Language
from tasks.sources import sql_text
from tasks.sources.hana_dialect import Hana
from tasks.sources.hana_to_duckdb import to_duckdb
from tests.unit.reports.guard.examples import examples

KIT = [pytest.param(one.sql, id=f"{one.slug}-{of}") for of in Language for one in kit(of)]
ACCEPTED = [pytest.param(sql, id=fact) for fact, sql in examples("accepted.sql")]
PIECES = [
    "SELECT", "from", "Where", "AND", "or", "between", "CASE", "when", "then", "end", "(", ")",
    ",", ";", '"Ad ı"', '"a""b"', "'it''s'", "'two\nlines'", ":name", "?", "[%0]", "$[$38.1.0]",
    "{schema}", "{", "}", ":", "%", "$1", "::", "<=", "<", "=", ">", "!", "|", "||", "->", "=>",
    "-", "- -", "+", "*", "/", ".", ".5", "1.5", "1e5", "1e-5", "1", "N'x'", "X'FF'", "x", "lımıt",
    "-- said\n", "/* said */", "/* in two\n lines */", "WITH", "hint", "group", "by", "order",
    "LEFT", "join", "on", "union", "all", "TOP", "over", "partition", "for", "limit", "@", "#",
]  # fmt: skip
SPACES = st.sampled_from(["", "", " ", "\n", "\t ", "\r\n", "\n\n  "])


def words_of(sql: str) -> list[str]:
    """The words of a text, with its keywords in capitals and without the ends of comments."""
    return [_word(token.sort, token.text) for token in sql_text.tokens(sql)]


def _word(sort: str, text: str) -> str:
    capital = text.isascii() and text.upper() in KEYWORDS
    return text.upper() if sort == "word" and capital else text.rstrip()


def signs_of(sql: str) -> list[str]:
    """What another reader takes for one word: it tells `< =` from `<=` and `1 e5` from `1e5`."""
    return [_word("word", token.text) for token in Hana().tokenize(sql)]


@pytest.mark.parametrize("sql", KIT + ACCEPTED)
def test_the_words_stay_as_they_were(sql: str) -> None:
    after = formatted(sql)
    assert words_of(after) == words_of(sql)
    assert signs_of(after) == signs_of(sql)


@pytest.mark.parametrize("sql", KIT)
def test_the_embedded_source_is_asked_the_same(sql: str) -> None:
    readable = re.sub(r":\w+", "?", sql)
    assert to_duckdb(formatted(readable)) == to_duckdb(readable)


@pytest.mark.parametrize("sql", KIT + ACCEPTED)
def test_the_guard_judges_the_same(sql: str) -> None:
    before, after = check(sql), check(formatted(sql))
    assert (after.ok, after.parameters) == (before.ok, before.parameters)


@pytest.mark.parametrize("sql", KIT + ACCEPTED)
def test_what_is_laid_out_stays_as_it_is(sql: str) -> None:
    assert formatted(formatted(sql)) == formatted(sql)


@pytest.mark.parametrize("sql", KIT + ACCEPTED)
def test_how_a_query_was_spaced_does_not_matter(sql: str) -> None:
    if "--" not in sql and "/*" not in sql:
        wide = re.sub(r" (?=(?:[^'\"]|'[^']*'|\"[^\"]*\")*$)", " \n ", sql)
        assert formatted(wide) == formatted(sql)


@given(st.lists(st.tuples(st.sampled_from(PIECES), SPACES), max_size=25))
@example([("/* a */", ""), ("/* b */", ""), ("AND", "")])
@example([("/* a */", ""), ("SELECT", "\n"), ("-- b\n", ""), ("x", " "), ("-- c\n", "")])
@example([("x", " "), (".5", ""), ("1", " "), (".", " "), ("- -", ""), ("1", "")])
def test_no_text_that_can_be_read_loses_a_word(parts: list[tuple[str, str]]) -> None:
    sql = "".join(piece + space for piece, space in parts)
    try:
        after = formatted(sql)
    except Invalid:
        return
    assert words_of(after) == words_of(sql)
    assert formatted(after) == after


def test_a_query_is_laid_out_as_people_write_it() -> None:
    sql = """select T0."CardCode",sum(case when T0."DocStatus"='O' then T0."DocTotal" else 0 end)
    as "Open", row_number() over(partition by T0."SlpCode" order by T0."CardCode") "No"
    from "{schema}"."OINV" T0 left outer join OSLP T1 on T1."SlpCode"=T0."SlpCode" -- people
    where T0."DocDate" between :day_from and :day_to and (T0."CardCode" like [%0] or exists(select
    1 from OCRD C where C."CardCode"=T0."CardCode" and C."validFor"='Y' and C."Balance">-1.5))
    group by T0."CardCode" order by 2 desc limit 10 with hint(NO_USE_HEX_PLAN);"""
    assert (
        formatted(sql)
        == """\
SELECT
  T0."CardCode",
  sum(CASE WHEN T0."DocStatus" = 'O' THEN T0."DocTotal" ELSE 0 END) AS "Open",
  row_number() OVER (PARTITION BY T0."SlpCode" ORDER BY T0."CardCode") "No"
FROM "{schema}"."OINV" T0
LEFT OUTER JOIN OSLP T1 ON T1."SlpCode" = T0."SlpCode" -- people
WHERE T0."DocDate" BETWEEN :day_from AND :day_to
  AND (
    T0."CardCode" LIKE [%0]
    OR EXISTS (
      SELECT 1
      FROM OCRD C
      WHERE C."CardCode" = T0."CardCode" AND C."validFor" = 'Y' AND C."Balance" > -1.5
    )
  )
GROUP BY T0."CardCode"
ORDER BY 2 DESC
LIMIT 10
WITH HINT (NO_USE_HEX_PLAN);"""
    )


@pytest.mark.parametrize(
    ("sql", "place", "sentence"),
    [
        ("", "Line 1, column 1", "no query"),
        ("SELECT 'a\nFROM DUMMY", "Line 1, column 8", "quote"),
        ('SELECT 1\nFROM "T', "Line 2, column 6", "quote"),
        ("SELECT (1\nFROM T", "Line 1, column 8", "never closed"),
        ("SELECT 1)\nFROM T", "Line 1, column 9", "could close"),
        ("SELECT 1 /* FROM T", "Line 1, column 10", "comment"),
        ("SELECT 1 -- a\rFROM T", "Line 1, column 14", "comment ends"),
        ("SELECT\N{NO-BREAK SPACE}1", "Line 1, column 7", "does not belong"),
        ("SELECT " + "CASE " * 36, "Line 1, column 183", "nested"),
        ("SELECT " + "(" * 36 + ")" * 36, "Line 1, column 43", "nested"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(sql: str, place: str, sentence: str) -> None:
    with pytest.raises(Invalid) as told:
        formatted(sql)
    assert told.value.field == "sql"
    assert told.value.message.startswith(place)
    assert sentence in told.value.message


def test_a_text_of_the_greatest_length_is_laid_out_within_seconds() -> None:
    sql = "SELECT " + ", ".join(
        f'SUM(CASE WHEN "A{n}" > 1 THEN 1 END) AS "{n}"' for n in range(620)
    )
    began = process_time()
    assert formatted(sql).count("\n") > 600
    assert process_time() - began < 5
