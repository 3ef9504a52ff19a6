"""Which columns get a sum, and how many rows a report may have, in the form of its task."""

import re
from typing import Any

import pytest

from tasks.models import Role
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import EDIT, FILLED, tasks_kept, the_task

SLUG = "subat-cikislari"


def sent(login_as: LoginAs, **values: Any) -> tuple[int, str]:
    a_source()
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **FILLED | values)
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({}, None),
        ({"totals": "decimals", "totals_names": " \r\n"}, None),
        ({"totals": "none"}, []),
        (
            {"totals": "named", "totals_names": "Net, TRY\r\n Adet \r\n\r\nAdet"},
            ["Net, TRY", "Adet"],
        ),
    ],
)
def test_the_totals_are_kept_as_they_were_chosen(
    login_as: LoginAs, typed: dict[str, str], kept: list[str] | None
) -> None:
    assert sent(login_as, **typed)[0] == 303
    assert the_task(SLUG).settings["totals"] == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"totals": "named"}, "Name the columns that get a sum"),
        ({"totals": "none", "totals_names": "Net"}, "Choose that, or take the names away."),
        ({"totals": "decimals", "totals_names": "Net"}, "Choose that, or take the names away."),
    ],
)
def test_totals_that_contradict_the_names_are_told_of_beside_them(
    login_as: LoginAs, typed: dict[str, str], told: str
) -> None:
    status, page = sent(login_as, **typed)
    assert status == 422
    assert told in page.split('id="error-totals_names"', 1)[1].split("</p>", 1)[0]
    assert tasks_kept() == 0


@pytest.mark.parametrize(("typed", "kept"), [("", 1_000_000), ("250000", 250_000)])
def test_the_most_rows_are_kept(login_as: LoginAs, typed: str, kept: int) -> None:
    assert sent(login_as, max_rows=typed)[0] == 303
    assert the_task(SLUG).settings["max_rows"] == kept


@pytest.mark.parametrize("typed", ["0", "-1", "many", "100000001"])
def test_a_number_of_rows_that_cannot_be_is_told_of_beside_it(
    login_as: LoginAs, typed: str
) -> None:
    status, page = sent(login_as, max_rows=typed)
    assert status == 422
    assert 'id="error-max_rows"' in page


def test_a_task_is_shown_with_its_totals_and_its_most_rows(login_as: LoginAs) -> None:
    a_source()
    a_task(settings={"totals": ["Net", "Adet"], "max_rows": 1234})
    author = login_as(Role.AUTHOR)
    form = author.get(EDIT).text
    assert re.search(r'<option value="named"\s+selected', form)
    assert "Net\nAdet</textarea>" in form
    assert 'value="1234"' in form
    page = author.get("/tasks/a-report").text
    assert "1,234" in page
    assert "Net, Adet" in page
