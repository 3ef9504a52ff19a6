"""Choices that are not searched: of a company that may not be read, too often, by too many."""

import threading
from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import transaction
from tasks.models import Role, Source
from tasks.reports import choice_lists
from tasks.reports.choice_lists import MOST_WAITING
from tests.support.factories import a_task
from tests.support.waiting import wait_until
from tests.web.choices_support import CHOICES, CUSTOMER, FORM, PART, values
from tests.web.choices_support import company as company  # a fixture
from tests.web.choices_support import source as source  # a fixture
from tests.web.choices_support import two as two  # a fixture
from tests.web.conftest import LoginAs
from tests.web.test_parameter_controls import flat

NOT_ALLOWED = "is not a company that this report may read"


def a_narrowed_task(type: str, **more: Any) -> None:
    """A report whose author allows one company of the two that the source has."""
    a_task(parameters=[CUSTOMER, {"name": "in", "type": type, "choices": ["BETA"]} | more])


@pytest.mark.parametrize("type", ["company", "companies"])
@pytest.mark.usefixtures("two")
def test_only_the_companies_that_the_author_allows_are_searched(
    login_as: LoginAs, type: str
) -> None:
    a_narrowed_task(type)
    operator = login_as(Role.OPERATOR)
    allowed = operator.get(f"{CHOICES}?q=deniz&parameters-in=BETA", headers=PART).text
    assert values(allowed) == ["B1"]
    for other in ("SBODEMOTR", "OWN"):
        part = operator.get(f"{CHOICES}?q=deniz&parameters-in={other}", headers=PART).text
        assert values(part) == []
        assert NOT_ALLOWED in part


@pytest.mark.parametrize("type", ["company", "companies"])
@pytest.mark.usefixtures("two")
def test_where_a_company_has_to_be_chosen_no_other_is_searched_before(
    login_as: LoginAs, type: str
) -> None:
    a_narrowed_task(type, label="Company")
    part = login_as(Role.OPERATOR).get(f"{CHOICES}?q=deniz", headers=PART).text
    assert values(part) == []
    assert "Company is missing." in part


@pytest.mark.parametrize("type", ["company", "companies"])
@pytest.mark.usefixtures("two")
def test_without_a_script_the_company_is_chosen_on_the_page_and_taken_along(
    login_as: LoginAs, type: str
) -> None:
    a_narrowed_task(type, label="Company")
    operator = login_as(Role.OPERATOR)
    page = flat(operator.get(CHOICES).text)
    assert '<select class="control" name="parameters-in" aria-label="Company">' in page
    assert [f'value="{one}"' in page for one in ("BETA", "SBODEMOTR")] == [True, False]
    found = flat(operator.get(f"{CHOICES}?q=deniz&parameters-in=BETA").text)
    assert '<option value="BETA" selected>' in found
    assert f'href="{FORM}?parameters-in=BETA&amp;parameters-customer=B1"' in found
    form = operator.get(f"{FORM}?parameters-in=BETA&parameters-customer=B1").text
    assert 'value="B1"' in form


@pytest.mark.usefixtures("two")
def test_of_no_company_that_may_be_read_nothing_is_searched(login_as: LoginAs) -> None:
    a_narrowed_task("companies", required=False)
    with transaction() as session:
        session.scalars(select(Source)).one().companies = ["SBODEMOTR"]
    part = login_as(Role.OPERATOR).get(f"{CHOICES}?q=deniz", headers=PART).text
    assert values(part) == []
    assert "the source has no company that this report may read" in part


@pytest.mark.usefixtures("source")
def test_who_searches_too_often_waits_a_minute_and_others_do_not(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    operator = login_as(Role.OPERATOR)
    parts = [operator.get(f"{CHOICES}?q=deniz", headers=PART) for _ in range(121)]
    assert values(parts[119].text) == ["C3"]
    assert (parts[120].status_code, values(parts[120].text)) == (200, [])
    assert "You asked very often just now" in parts[120].text
    assert operator.get(FORM).status_code == 200
    assert values(login_as(Role.EDITOR).get(f"{CHOICES}?q=deniz", headers=PART).text) == ["C3"]


@pytest.mark.usefixtures("source")
def test_a_guest_is_asked_to_log_in(client: Any) -> None:
    a_task(parameters=[CUSTOMER])
    assert client.get(CHOICES).status_code in (302, 303)


@pytest.mark.usefixtures("source")
def test_only_a_few_wait_for_a_silent_source_and_the_others_are_told_at_once(
    login_as: LoginAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_task(parameters=[CUSTOMER])
    go, found = threading.Event(), choice_lists.ChoiceList(())
    monkeypatch.setattr(choice_lists, "_read", lambda *_: (go.wait(30), found)[1])
    operator = login_as(Role.OPERATOR)

    def search() -> None:
        choice_lists.find_choices("demo", CUSTOMER["sql"], "")

    waiting = [threading.Thread(target=search) for _ in range(MOST_WAITING)]
    for one in waiting:
        one.start()
    wait_until(lambda: choice_lists._waiting._value == 0, "every place to wait is taken")
    part = operator.get(f"{CHOICES}?q=deniz", headers=PART)
    go.set()
    assert "Others are searching just now. Wait a moment, and try again." in part.text
    for one in waiting:
        one.join()
    assert "No choice holds" in operator.get(f"{CHOICES}?q=deniz", headers=PART).text
