"""When a report is sent and what it is compared with, in the form of a task and on its page."""

import re
from typing import Any

import pytest

from tasks.models import Role
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED, tasks_kept, the_task

SLUG = "subat-cikislari"
THRESHOLD = {
    "condition-kind": "threshold",
    "condition-measure": "change",
    "condition-column": "BALANCE",
    "condition-operator": ">=",
    "condition-limit": "12,5",
}


@pytest.fixture(autouse=True)
def _source(app: object) -> None:
    a_source()


def saved(login_as: LoginAs, **values: Any) -> tuple[int, str]:
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new?job=report", **FILLED | values)
    return answer.status_code, answer.text


def opened(form: str, section: str) -> bool:
    return re.search(rf'<details[^>]*id="section-{section}"[^>]*open', form) is not None


def test_a_report_is_always_sent_and_compared_with_nothing_where_nothing_is_said(
    login_as: LoginAs,
) -> None:
    assert saved(login_as)[0] == 303
    kept = the_task(SLUG).settings
    assert (kept["condition"]["kind"], kept["difference"]) == ("always", None)
    form = login_as(Role.AUTHOR, "other").get(f"/tasks/{SLUG}/edit").text
    assert not opened(form, "condition")
    assert not opened(form, "difference")


def test_a_threshold_is_kept_and_shown_again(login_as: LoginAs) -> None:
    assert saved(login_as, **THRESHOLD)[0] == 303
    assert the_task(SLUG).settings["condition"] == {
        "kind": "threshold",
        "keys": [],
        "measure": "change",
        "column": "BALANCE",
        "operator": ">=",
        "limit": "12.5",
    }
    author = login_as(Role.AUTHOR, "other")
    form = author.get(f"/tasks/{SLUG}/edit").text
    assert not opened(form, "condition")
    assert "only if a number is over or under a limit</span>" in form
    assert 'value="12.5"' in form
    assert (
        "the sum of “BALANCE” has changed since the last delivered run by ≥ 12.5 percent"
        in author.get(f"/tasks/{SLUG}").text
    )


def test_new_rows_and_a_difference_are_kept_with_their_keys(login_as: LoginAs) -> None:
    status, _page = saved(
        login_as,
        **{
            "condition-kind": "new_rows",
            "condition-keys": " DocEntry \r\nLineNum\r\nDocEntry",
            "difference-on": "on",
            "difference-keys": "CardCode",
            "difference-in_mail": "on",
        },
    )
    assert status == 303
    kept = the_task(SLUG).settings
    assert kept["condition"]["keys"] == ["DocEntry", "LineNum"]
    assert kept["difference"] == {"keys": ["CardCode"], "in_mail": True, "as_sheet": False}
    page = login_as(Role.AUTHOR, "other").get(f"/tasks/{SLUG}").text
    assert "new since the last delivered run, known again by DocEntry, LineNum" in page
    assert "rows are known again by CardCode; in the mail" in page


@pytest.mark.parametrize(
    ("typed", "control", "sentence"),
    [
        ({"condition-kind": "new_rows"}, "condition-keys", "Name the columns by which"),
        (THRESHOLD | {"condition-limit": ""}, "condition-limit", "Give the number"),
        (THRESHOLD | {"condition-limit": "1.000"}, "condition-limit", "Write 1000 or 1.0000."),
        (THRESHOLD | {"condition-limit": "-12,345"}, "condition-limit", "-12345 or -12.3450."),
        (THRESHOLD | {"condition-limit": "many"}, "condition-limit", "“many” is not a number"),
        (THRESHOLD | {"condition-limit": "NaN"}, "condition-limit", "“NaN” is not a number"),
        (THRESHOLD | {"condition-limit": "9" * 39}, "condition-limit", "more than 38 digits"),
        (
            THRESHOLD | {"condition-measure": "sum", "condition-column": " "},
            "condition-column",
            "Name the column that is compared",
        ),
        ({"condition-kind": "never"}, "condition-kind", "is not one of the choices"),
        ({"difference-on": "on"}, "difference-keys", "Name the columns by which"),
        ({"difference-keys": "CODE"}, "difference-keys", "only where you choose to keep the rows"),
        (
            {"difference-on": "on", "difference-keys": "\r\n".join(map(str, range(21)))},
            "difference-keys",
            "At most 20",
        ),
    ],
)
def test_what_cannot_be_taken_is_told_beside_its_control(
    login_as: LoginAs, typed: dict[str, str], control: str, sentence: str
) -> None:
    status, page = saved(login_as, **typed)
    assert status == 422
    assert sentence in page.split(f'id="error-{control}"', 1)[1].split("</p>", 1)[0]
    assert opened(page, control.split("-", 1)[0])
    assert tasks_kept() == 0


def test_a_report_of_before_has_no_condition_and_its_page_says_so(login_as: LoginAs) -> None:
    a_task("old-one")
    page = login_as(Role.VIEWER).get("/tasks/old-one").text
    assert "When it is sent" in page
    assert "always" in page
