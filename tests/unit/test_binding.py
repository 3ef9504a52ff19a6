"""Named parameters become the driver's, and stay out of texts, names and comments."""

from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.reports.binding import bind, names_in, told_as_written
from tasks.reports.parameters import DateSpan, ParameterDefinition, accept, resolve
from tasks.sources.sql_text import SqlError

DAY = date(2026, 3, 16)
HOSTILE = st.lists(
    st.sampled_from(
        ["'", '"', ";", "--", "/*", "*/", "?", ":b", "\\", "\n", " OR 1=1 ", "ı", "😀", "%"]
    )
    | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    max_size=12,
).map("".join)


def test_each_name_becomes_a_mark_of_the_same_length_so_that_positions_stay() -> None:
    sql = 'SELECT :day, "Code"\nFROM "OCRD" WHERE "Code" = :code AND :day > 0'
    bound, values = bind(sql, {"day": 1, "code": "x"})
    assert len(bound) == len(sql)
    assert bound.index('"OCRD"') == sql.index('"OCRD"')
    assert bound.count("?") == 3
    assert values == (1, "x", 1)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT ':no' FROM DUMMY",
        "SELECT 'it''s :no' FROM DUMMY",
        'SELECT 1 AS ":no" FROM DUMMY',
        "SELECT 1 -- :no",
        "SELECT 1 /* :no */",
        "SELECT 1 /* never closed :no",
        "SELECT x::no",
        "SELECT '12:30'",
    ],
)
def test_a_colon_that_is_no_parameter_stays(sql: str) -> None:
    assert names_in(sql) == []
    assert bind(sql, {}) == (sql, ())


def test_a_value_never_becomes_part_of_the_text() -> None:
    hostile = "'; DROP TABLE OCRD; --"
    bound, values = bind("SELECT :a FROM DUMMY", {"a": hostile})
    assert hostile not in bound
    assert values == (hostile,)


def test_a_name_that_is_not_defined_is_an_error_with_its_line() -> None:
    with pytest.raises(JobError, match="Line 2: the parameter :b is not defined") as missing:
        bind("SELECT :a,\n :b", {"a": 1})
    assert missing.value.kind is ErrorKind.PARAMETER


def test_several_values_become_as_many_marks() -> None:
    sql = "SELECT * FROM T WHERE A IN (:kinds) AND B = :b"
    bound, values = bind(sql, {"kinds": ("x", "y"), "b": 1})
    assert bound == "SELECT * FROM T WHERE A IN (?, ?  ) AND B = ? "
    assert values == ("x", "y", 1)
    wide, values = bind("IN (:k)", {"k": tuple("abc")})
    assert (wide, values) == ("IN (?, ?, ?)", ("a", "b", "c"))


def test_a_span_is_bound_by_its_two_ends_and_not_by_its_own_name() -> None:
    span = DateSpan(DAY, DAY.replace(day=31))
    bound, values = bind("SELECT :p_to, :p_from", {"p": span})
    assert (bound, values) == ("SELECT ?    , ?      ", (span.last, span.first))
    with pytest.raises(JobError, match="parameter :p is not defined"):
        bind("SELECT :p", {"p": span})


@pytest.mark.parametrize("count", [1, 2, 3, 50, 200])
def test_an_error_tells_its_place_in_the_text_that_the_author_wrote(count: int) -> None:
    sql = "SELECT 1\nFROM T WHERE A IN (:k) AND :x = 1 AND B IN (:k)\n AND WRONG\n AND IN (:k) ALSO"
    values = {"k": tuple(map(str, range(count))), "x": 1}
    bound, _ = bind(sql, values)
    for word in ("SELECT", "T WHERE", "AND B", "WRONG", "ALSO"):
        line = sql[: sql.index(word)].count("\n") + 1
        with pytest.raises(SqlError) as told, told_as_written(sql, values):
            raise SqlError(
                "Line {line}, column {column}: {why}", sql=bound, start=bound.index(word), why="no"
            )
        column = sql.index(word) - (sql.rfind("\n", 0, sql.index(word)) + 1) + 1
        assert (told.value.line, told.value.column) == (line, column)
        assert told.value.message == f"Line {line}, column {column}: no"


def test_an_error_within_the_marks_is_about_the_name() -> None:
    sql, values = "SELECT 1 WHERE A IN (:k)", {"k": tuple(range(50))}
    bound, _ = bind(sql, values)
    for start in (bound.index("?"), bound.index("?") + 30, bound.rindex("?")):
        with pytest.raises(SqlError) as told, told_as_written(sql, values):
            raise SqlError("Line {line}, column {column}.", sql=bound, start=start)
        assert told.value.column == sql.index(":k") + 1


@given(HOSTILE, HOSTILE)
def test_whatever_is_given_arrives_as_it_is_and_never_in_the_text(one: str, other: str) -> None:
    definitions = [
        ParameterDefinition(name="a", required=False),
        ParameterDefinition(name="b", required=False),
    ]
    kept = accept(definitions, {"a": one, "b": other})
    sql = "SELECT :a AS A, ':a' AS T /* :b */, :b AS B -- :b"
    bound, values = bind(sql, resolve(definitions, kept, meant=DAY))
    assert bound == "SELECT ?  AS A, ':a' AS T /* :b */, ?  AS B -- :b"
    assert duckdb.execute(bound, list(values)).fetchall() == [
        (one.strip() or None, ":a", other.strip() or None)
    ]


@given(st.lists(HOSTILE.map(str.strip).filter(bool), min_size=1, max_size=200, unique=True))
def test_whatever_is_chosen_of_several_arrives_as_it_is(choices: list[str]) -> None:
    free = [one for one in choices if not {",", "\n"} & set(one)] or ["x"]
    one = ParameterDefinition.model_validate(
        {"name": "k", "type": "multi_choice", "choices": free, "required": False}
    )
    chosen = free[::2]
    values = resolve([one], accept([one], {"k": chosen}), meant=DAY)
    bound, given_values = bind("SELECT count(*) FROM (VALUES (:k)) AS T", values)
    assert given_values == tuple(chosen)
    assert bound.count("?") == len(chosen)
    assert not set(bound) - set("SELECT count(*) FROM (VALUES (?, )) AS T")


@given(st.text(st.characters(categories=["Cs"]) | st.just("\0"), min_size=1), HOSTILE)
def test_a_nul_or_half_a_character_is_refused(bad: str, around: str) -> None:
    with pytest.raises(Invalid, match="is no text"):
        accept([ParameterDefinition(name="a")], {"a": f"x{around}{bad}{around}x"})
