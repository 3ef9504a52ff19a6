"""How a report's files look, in the form of its task, on its page, and between versions."""

from typing import Any

import pytest

from tasks.models import Role
from tests.support.factories import a_source
from tests.web.conftest import Browser, LoginAs
from tests.web.test_tasks_editing import FILLED, the_task

SLUG = "subat-cikislari"
LOOKS: dict[str, Any] = {
    "looks-above": ["title", "parameters"],
    "looks-groups": "CardCode\r\n\r\nDocDate",
    "looks-columns-3-name": "Net, TRY",
    "looks-columns-3-shown": "code",
    "looks-columns-3-code": '#,##0.0 "kg"',
    "looks-columns-3-title": "Net",
    "looks-columns-3-width": "20",
    "looks-columns-7-name": "DocDate",
    "looks-columns-7-shown": "b1_date",
    "looks-rules-0-column": "Net, TRY",
    "looks-rules-0-operator": "between",
    "looks-rules-0-value": "-10",
    "looks-rules-0-upper": "0",
    "looks-rules-0-colour": "amber",
    "looks-rules-0-whole_row": "on",
}
KEPT = {
    "above": ["title", "parameters"],
    "groups": ["CardCode", "DocDate"],
    "columns": [
        {"name": "Net, TRY", "shown": "code", "code": '#,##0.0 "kg"', "title": "Net", "width": 20},
        {"name": "DocDate", "shown": "b1_date", "code": "", "title": "", "width": None},
    ],
    "rules": [
        {
            "column": "Net, TRY",
            "operator": "between",
            "value": "-10",
            "upper": "0",
            "colour": "amber",
            "whole_row": True,
        }
    ],
}


@pytest.fixture
def author(login_as: LoginAs) -> Browser:
    a_source()
    return login_as(Role.AUTHOR)


def sent(author: Browser, **values: Any) -> tuple[int, str]:
    answer = author.submit("/tasks", page="/tasks/new", **FILLED | values)
    return answer.status_code, answer.text


def test_the_looks_are_kept_and_shown_as_they_were_typed(author: Browser) -> None:
    assert sent(author, **LOOKS)[0] == 303
    assert the_task(SLUG).settings["looks"] == KEPT
    page = author.get(f"/tasks/{SLUG}/edit").text
    assert 'name="looks-columns-0-name"' in page
    assert 'value="#,##0.0 &#34;kg&#34;"' in page
    assert 'name="looks-rules-0-upper"' in page
    assert 'name="looks-columns-2-name"' not in page
    shown = author.get(f"/tasks/{SLUG}").text
    assert "Net, TRY: Net, Format of Excel, #,##0.0 &#34;kg&#34;, 20 letters wide" in shown
    assert "Net, TRY is between -10 – 0: Amber, the whole row" in shown


def test_nothing_typed_keeps_everything_as_usual(author: Browser) -> None:
    assert sent(author)[0] == 303
    assert not any(the_task(SLUG).settings["looks"].values())
    page = author.get(f"/tasks/{SLUG}/edit").text
    part = page.split('id="section-looks"', 1)[1].split(">", 1)[0]
    assert "open" not in part
    assert "Looks of the files" not in author.get(f"/tasks/{SLUG}").text


def test_what_is_wrong_is_told_beside_its_control(author: Browser) -> None:
    status, page = sent(author, **LOOKS | {"looks-columns-3-code": "0 kg"})
    assert status == 422
    told = page.split('id="error-looks-columns-0-code"', 1)[1].split("</p>", 1)[0]
    assert "Put words in double quotes" in told
    status, page = sent(author, **LOOKS | {"looks-rules-0-upper": ""})
    assert status == 422
    assert 'id="error-looks-rules-0-upper"' in page


def test_rows_are_added_and_removed_without_a_script(author: Browser) -> None:
    more = author.submit("/tasks", page="/tasks/new", **FILLED | LOOKS | {"add_look": "1"}).text
    assert 'id="look-row-2"' in more
    fewer = author.submit("/tasks", page="/tasks/new", **FILLED | LOOKS | {"remove_look": "0"}).text
    assert 'id="look-row-0"' in fewer
    assert 'id="look-row-1"' not in fewer
    assert 'value="DocDate"' in fewer.split('id="look-row-0"', 1)[1]
    gone = author.submit("/tasks", page="/tasks/new", **FILLED | LOOKS | {"remove_colour": "0"})
    assert 'id="colour-row-0"' not in gone.text
