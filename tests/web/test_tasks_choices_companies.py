"""Choices of a query are those of the company that is chosen."""

import pytest

from tasks.models import Role
from tests.support.factories import a_task
from tests.web.choices_support import CHOICES, CUSTOMER, FORM, PART, values
from tests.web.choices_support import company as company  # a fixture of each test
from tests.web.choices_support import source as source  # a fixture
from tests.web.choices_support import two as two  # a fixture
from tests.web.conftest import LoginAs


@pytest.mark.usefixtures("source")
def test_the_choices_are_those_of_the_company_that_is_chosen(login_as: LoginAs) -> None:
    company = {"name": "in", "type": "company", "required": False}
    a_task(settings={"sql": "SELECT 1 FROM DUMMY"}, parameters=[CUSTOMER, company])
    operator = login_as(Role.OPERATOR)
    assert "hx-include=\"[name='parameters-in']\"" in operator.get(FORM).text
    own = operator.get(f"{CHOICES}?q=deniz&parameters-in=SBODEMOTR", headers=PART).text
    assert values(own) == ["C3"]
    other = operator.get(f"{CHOICES}?q=deniz&parameters-in=ELSEWHERE", headers=PART).text
    assert values(other) == []
    assert "is not a company that this report may read" in other


@pytest.mark.parametrize(
    ("boxes", "default", "read"),
    [
        (["", "BETA"], "", ["B1"]),
        (["", "SBODEMOTR", "BETA"], "", ["C3"]),
        ([""], "", ["C3"]),
        ([], "", ["C3"]),
        ([""], "BETA, SBODEMOTR", ["C3"]),
        ([""], "BETA", ["B1"]),
    ],
)
@pytest.mark.usefixtures("two")
def test_of_several_companies_the_choices_are_those_of_the_first_that_a_run_reads(
    login_as: LoginAs, boxes: list[str], default: str, read: list[str]
) -> None:
    companies = {"name": "in", "type": "companies", "required": False, "default": default}
    a_task(parameters=[CUSTOMER, companies])
    operator = login_as(Role.OPERATOR)
    assert '<input type="hidden" name="parameters-in" value="">' in operator.get(FORM).text
    sent = {"q": "deniz", "parameters-in": boxes}
    assert values(operator.get(CHOICES, query_string=sent, headers=PART).text) == read


@pytest.mark.usefixtures("two")
def test_with_no_single_company_chosen_the_choices_are_those_of_the_own_schema(
    login_as: LoginAs,
) -> None:
    a_task(parameters=[CUSTOMER, {"name": "in", "type": "company", "required": False}])
    sent = {"q": "deniz", "parameters-in": ""}
    part = login_as(Role.OPERATOR).get(CHOICES, query_string=sent, headers=PART).text
    assert values(part) == ["O1"]
