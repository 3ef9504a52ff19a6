"""Tasks of other jobs than reports: the choice, the form made from the signature, who may."""

from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.models import Role, TaskDefinition
from tests.support.factories import a_task
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED, tasks_kept, the_task

CALL: dict[str, Any] = {
    name: value
    for name, value in FILLED.items()
    if name not in ("source", "sql", "recipients", "formats", "language", "subject", "text")
} | {
    "job": "http_call",
    "title": "Wake the shop",
    "settings-url": "https://shop.example.com/wake",
    "settings-method": "PUT",
    "settings-headers": "Accept: text/csv\r\nX-Token: secret-of-the-shop\r\n",
    "settings-body": "",
    "settings-expected": "200\r\n204",
    "settings-answer_seconds": "90",
}


def a_call() -> TaskDefinition:
    """Save a task that calls an address."""
    task = a_task("wake-the-shop", job="http_call")
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).settings = {
            "url": "https://shop.example.com/wake",
            "method": "PUT",
            "headers": ["X-Token: secret-of-the-shop"],
            "body": "",
            "expected": [200, 204],
            "answer_seconds": 90,
        }
    return task


def test_an_author_chooses_what_a_new_task_does(login_as: LoginAs) -> None:
    a_task("old", title="An old one")
    page = login_as(Role.AUTHOR).get("/tasks/new").text
    for address in ("/tasks/new?job=report", "/tasks/new?job=http_call", "/tasks/new?copy=old"):
        assert f'href="{address}"' in page
    assert "HTTP call" in page


def test_the_form_has_a_control_for_each_setting_with_its_default(login_as: LoginAs) -> None:
    page = " ".join(login_as(Role.AUTHOR).get("/tasks/new?job=http_call").text.split())
    assert 'name="job" value="http_call"' in page
    assert "Calls an address, and keeps the answer as a file." in page
    assert "Seconds to wait for the answer" in page
    assert 'value="60" step="1" min="1" max="3600"' in page
    assert '<option value="POST" selected>POST</option>' in page
    assert "200 201 202 204" in page
    assert 'name="sql"' not in page


@pytest.mark.parametrize(("job", "ticked"), [("report", True), ("http_call", False)])
def test_only_a_report_begins_as_safe_to_repeat(login_as: LoginAs, job: str, ticked: bool) -> None:
    box = login_as(Role.AUTHOR).get(f"/tasks/new?job={job}").text.split('name="safe_to_repeat"')
    assert ("checked" in box[1].split(">")[0]) is ticked


def test_a_job_that_is_not_installed_is_refused(login_as: LoginAs) -> None:
    author = login_as(Role.AUTHOR)
    assert author.get("/tasks/new?job=nothing").status_code == 422
    assert author.submit("/tasks", page="/tasks", **CALL | {"job": "no"}).status_code == 422
    assert tasks_kept() == 0


def test_an_author_defines_a_task_of_another_job(login_as: LoginAs) -> None:
    author = login_as(Role.AUTHOR)
    answer = author.submit("/tasks", page="/tasks/new?job=http_call", **CALL)
    assert (answer.status_code, answer.location) == (303, "/tasks/wake-the-shop")
    task = the_task("wake-the-shop")
    assert task.job == "http_call"
    assert task.settings == {
        "url": "https://shop.example.com/wake",
        "method": "PUT",
        "headers": ["Accept: text/csv", "X-Token: secret-of-the-shop"],
        "body": "",
        "expected": [200, 204],
        "answer_seconds": 90,
    }
    form = author.get("/tasks/wake-the-shop/edit").text
    assert "X-Token: secret-of-the-shop" in form
    assert author.submit("/tasks/wake-the-shop/edit", **CALL | {"version": "1"}).status_code == 303
    assert the_task("wake-the-shop").version == 1  # nothing changed


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("url", "", "Fill this in."),
        ("url", "ftp://example.com", "http"),
        ("answer_seconds", "0", "the least is 1"),
        ("answer_seconds", "soon", "is not a whole number"),
        ("expected", "200\r\nfine", "is not a whole number"),
        ("headers", "nonsense", "Write one header a line"),
        ("method", "STEAL", "is not one of the choices"),
    ],
)
def test_a_setting_that_cannot_be_taken_is_said_beside_it(
    login_as: LoginAs, field: str, typed: str, sentence: str
) -> None:
    sent = CALL | {f"settings-{field}": typed}
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **sent)
    assert answer.status_code == 422
    beside = answer.text.split(f'id="error-settings-{field}"')
    assert len(beside) == 2
    assert sentence in beside[1].split("</p>")[0]
    assert 'value="Wake the shop"' in answer.text
    assert tasks_kept() == 0


def test_an_editor_changes_all_but_what_the_job_does(login_as: LoginAs) -> None:
    a_call()
    editor = login_as(Role.EDITOR)
    page = editor.get("/tasks/wake-the-shop/edit").text
    assert "secret-of-the-shop" not in page
    sent = {name: value for name, value in CALL.items() if not name.startswith("settings-")}
    sent |= {"version": "1", "title": "Wake it"}
    assert editor.submit("/tasks/wake-the-shop/edit", **sent).status_code == 303
    task = the_task("wake-the-shop")
    assert (task.title, task.settings["headers"]) == ("Wake it", ["X-Token: secret-of-the-shop"])


def test_an_editor_who_sends_a_setting_is_refused(login_as: LoginAs) -> None:
    a_call()
    answer = login_as(Role.EDITOR).submit("/tasks/wake-the-shop/edit", **CALL | {"version": "1"})
    assert answer.status_code == 403
    assert the_task("wake-the-shop").version == 1


def test_an_editor_defines_a_task_of_another_job_only_as_a_copy(login_as: LoginAs) -> None:
    a_call()
    editor = login_as(Role.EDITOR)
    sent = {name: value for name, value in CALL.items() if not name.startswith("settings-")}
    sent |= {"title": "Wake it too", "slug": ""}
    assert editor.submit("/tasks", page="/tasks", **sent).status_code == 403
    sent |= {"copy": "wake-the-shop"}
    assert editor.submit("/tasks", page="/tasks", **sent).status_code == 303
    with reading() as session:
        kept = session.scalars(select(TaskDefinition.settings)).all()
    assert kept[0] == kept[1]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.EDITOR])
def test_only_an_author_sees_settings_that_may_hold_a_password(
    login_as: LoginAs, role: Role
) -> None:
    a_call()
    page = login_as(role).get("/tasks/wake-the-shop").text
    assert "secret-of-the-shop" not in page
    assert "HTTP call" in page
    assert "secret-of-the-shop" in login_as(Role.AUTHOR).get("/tasks/wake-the-shop").text


def test_a_task_whose_job_is_gone_can_still_be_looked_at(login_as: LoginAs) -> None:
    a_task("orphan", job="gone")
    page = login_as(Role.AUTHOR).get("/tasks/orphan")
    assert page.status_code == 200
    assert "gone" in page.text
