"""Named parameters become the driver's, and stay out of texts, names and comments."""

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.reports.binding import bind, names_in


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
