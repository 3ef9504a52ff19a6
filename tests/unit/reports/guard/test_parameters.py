"""The parameters that a text names, and those that it may name."""

import pytest

from tasks.reports.guard import check

SQL = "SELECT :b, ':no', [%1], '[%0]', $[$38.1.0] /* :no */ FROM OCRD WHERE x = :a AND y = :b"


def test_the_parameters_come_in_the_order_of_their_first_use() -> None:
    assert check(SQL).parameters == ("b", "a", "[%1]", "[%0]", "$[$38.1.0]")


def test_a_refused_text_still_names_its_parameters() -> None:
    verdict = check("DELETE FROM OCRD WHERE x = :a")
    assert not verdict.ok
    assert verdict.parameters == ("a",)


def test_a_parameter_that_is_not_defined_is_refused_at_its_colon() -> None:
    problem, *others = check(SQL, parameters=["b"]).problems
    assert (problem.line, problem.column) == (1, 74)
    assert "The parameter :a is not defined" in problem.message
    assert others == []


def test_defined_parameters_that_are_not_used_do_no_harm() -> None:
    assert check("SELECT :a FROM DUMMY", parameters={"a": 1, "b": 2}).ok


def test_without_a_list_every_parameter_is_fine() -> None:
    assert check("SELECT :whatever FROM DUMMY").ok


@pytest.mark.parametrize("name", ["from", "where", "values", "date", "Having", "like", "a_b1", "ı"])
def test_a_parameter_may_be_called_by_a_word_of_sql(name: str) -> None:
    sql = f'SELECT :{name} AS "A" FROM "T" WHERE "B" IN (:{name}, 1) AND "C" < :{name}'
    assert check(sql).ok
    assert check(sql, parameters=[name]).ok


@pytest.mark.parametrize("name", [" from", "'from'", '"from"', "/* */from", "1", ""])
def test_a_name_stands_at_its_colon_and_without_quotes(name: str) -> None:
    assert not check(f'SELECT :{name} AS "A" FROM "T"').ok
