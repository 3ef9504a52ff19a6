"""The mail in the form of a report: its words read before it is saved, its looks and its charts."""

import re
from typing import Any

import pytest

from tasks.models import Role
from tests.support.factories import a_source, a_task
from tests.web.conftest import Browser, LoginAs
from tests.web.sql_support import FRAGMENT
from tests.web.test_tasks_editing import FILLED, the_task

SLUG = "subat-cikislari"
CHART = {
    "charts-0-kind": "stacked",
    "charts-0-title": "Yaşlandırma",
    "charts-0-label": "Müşteri",
    "charts-0-values": "0-30\r\n31-60",
    "charts-0-aggregate": "sum",
    "charts-0-top": "5",
}
LOOKS = {"mail-html": "on", "mail-rows": "20", "mail-figures": "Bakiye\r\n"}


@pytest.fixture(autouse=True)
def _source(app: object) -> None:
    a_source()


@pytest.fixture
def author(login_as: LoginAs) -> Browser:
    return login_as(Role.AUTHOR)


def saved(author: Browser, **values: Any) -> tuple[int, str]:
    answer = author.submit("/tasks", page="/tasks/new?job=report", **FILLED | values)
    return answer.status_code, answer.text


def test_looks_and_charts_are_kept_and_shown_again(author: Browser, login_as: LoginAs) -> None:
    status, text = saved(author, **LOOKS, **CHART)
    assert status == 303, text
    kept = the_task(SLUG).settings
    assert (kept["mail"]["html"], kept["mail"]["rows"], kept["mail"]["figures"]) == (
        True,
        20,
        ["Bakiye"],
    )
    (chart,) = kept["charts"]
    assert (chart["kind"], chart["values"], chart["top"]) == ("stacked", ["0-30", "31-60"], 5)
    form = author.get(f"/tasks/{SLUG}/edit").text
    assert 'value="Yaşlandırma"' in form
    page = login_as(Role.VIEWER).get(f"/tasks/{SLUG}").text
    assert "Yaşlandırma, Stacked bars: 0-30, 31-60 by Müşteri, the largest 5" in page


def test_a_report_without_them_is_as_it_was(author: Browser, login_as: LoginAs) -> None:
    assert saved(author)[0] == 303
    kept = the_task(SLUG).settings
    assert (kept["charts"], kept["mail"]["html"], kept["mail"]["rows"]) == ([], False, 0)
    assert "Formatted mail" not in login_as(Role.VIEWER).get(f"/tasks/{SLUG}").text


def test_charts_are_added_and_removed_by_buttons(author: Browser) -> None:
    page = "/tasks/new?job=report"
    two = author.submit("/tasks", page=page, add_chart="1", headers=FRAGMENT, **FILLED | CHART)
    assert re.findall(r'id="chart-row-\d"', two.text) == ['id="chart-row-0"', 'id="chart-row-1"']
    none = author.submit("/tasks", page=page, remove_chart="0", **FILLED | CHART)
    assert 'id="chart-row-' not in none.text


def test_a_chart_without_columns_is_refused_in_words(author: Browser) -> None:
    status, text = saved(author, **CHART | {"charts-0-values": ""})
    assert status == 422
    assert "notice--error" in text


def test_a_template_is_read_with_made_up_figures_and_nothing_is_saved(author: Browser) -> None:
    words = {"subject": "{{ title }}", "text": "{{ total('Bakiye') }} <b>{{ recipient }}</b>"}
    answer = author.submit(
        "/tasks/new/mail", page="/tasks/new?job=report", headers=FRAGMENT, **FILLED | words
    )
    assert "1.234,50 &lt;b&gt;ayse@example.com" in answer.text
    assert "<html" not in answer.text
    whole = author.submit("/tasks/new/mail", page="/tasks/new?job=report", **FILLED | words)
    assert "1.234,50" in whole.text
    assert "<html" in whole.text


def test_what_is_wrong_with_a_template_is_told_with_its_line(author: Browser) -> None:
    wrong = FILLED | {"text": "x\r\n{{ tilte }}"}
    answer = author.submit("/tasks/new/mail", page="/tasks/new?job=report", **wrong)
    assert "Line 2: there is no “tilte”." in answer.text
    status, text = saved(author, text="{{ ''.__class__ }}")
    assert status == 422
    assert "cannot stand in a mail" in text


def test_an_editor_may_read_the_mail_and_a_viewer_may_not(login_as: LoginAs) -> None:
    a_task()
    page = "/tasks/a-report/edit"
    editor = login_as(Role.EDITOR)
    answer = editor.submit(f"{page}/mail", page=page, **FILLED)
    assert answer.status_code == 200
    viewer = login_as(Role.VIEWER)
    token = viewer.token("/account")
    assert viewer.post(f"{page}/mail", data={"csrf_token": token}).status_code == 403
    assert editor.get(f"{page}/mail").status_code == 303
