"""What somebody reads when something goes wrong, and that nothing typed is lost."""

import re
import sqlite3
from pathlib import Path

import pytest
from flask import Flask, abort, request
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tasks.db import engine
from tasks.errors import Conflict, Forbidden, Invalid, NotFound, OrchestratorError
from tasks.models import Role
from tests.web.conftest import Browser, LoginAs
from webui.database import db
from webui.permissions import Permission, requires
from webui.sessions import COOKIE

FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}
BOOSTED = {"HX-Request": "true", "HX-Request-Type": "full", "HX-Boosted": "true"}

ERRORS = {
    "missing": NotFound("There is no task “{slug}”.", slug="sales"),
    "changed": Conflict("Run {id} has ended already ({state}).", id=7, state="failed"),
    "wrong": Invalid("The priority is a number from 0 to 9.", field="priority"),
    "forbidden": Forbidden("Only an author may write SQL."),
}


@pytest.fixture(autouse=True)
def _failing_pages(app: Flask) -> None:
    """Add a page that fails in the way its address says."""

    @requires(Permission.SEE)
    def fail(how: str) -> str:
        if how == "sql":
            db.session.execute(text("SELECT nothing FROM nowhere"))
        if how == "code":
            raise ZeroDivisionError("a secret of the program")
        if how == "away":
            raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("gone"))
        if how == "abort":
            abort(int(request.args["status"]))
        raise ERRORS[how]

    app.add_url_rule("/fail/<how>", endpoint="fail", view_func=fail, methods=["GET", "POST"])


@pytest.fixture
def browser(login_as: LoginAs) -> Browser:
    """The browser of a viewer."""
    return login_as(Role.VIEWER)


@pytest.mark.parametrize(
    ("how", "status", "sentence"),
    [
        ("missing", 404, "There is no task “sales”."),
        ("changed", 409, "Run 7 has ended already (failed)."),
        ("wrong", 422, "The priority is a number from 0 to 9."),
        ("forbidden", 403, "Only an author may write SQL."),
    ],
)
@pytest.mark.parametrize("headers", [{}, BOOSTED])
def test_an_expected_error_is_its_sentence_on_a_page(
    browser: Browser, how: str, status: int, sentence: str, headers: dict[str, str]
) -> None:
    answer = browser.get(f"/fail/{how}", headers=headers)
    assert answer.status_code == status
    assert sentence in answer.text
    assert "<html" in answer.text


@pytest.mark.parametrize("how", list(ERRORS))
def test_htmx_gets_a_notice_that_leaves_the_form_alone(browser: Browser, how: str) -> None:
    answer = browser.get(f"/fail/{how}", headers=FRAGMENT)
    assert answer.status_code >= 400
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text
    assert answer.headers["HX-Retarget"] == "#notices"


def test_the_values_of_a_sentence_are_escaped(browser: Browser) -> None:
    ERRORS["markup"] = OrchestratorError("“{name}” failed.", name="<script>")
    text_ = browser.get("/fail/markup").text
    assert "“&lt;script&gt;” failed." in text_


def test_an_error_nobody_expected_has_a_number_that_is_in_the_log(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    answer = browser.get("/fail/code")
    assert answer.status_code == 500
    assert "a secret of the program" not in answer.text
    found = re.search(r"written down as ([0-9a-f]{8})", answer.text)
    assert found is not None
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.__dict__["error_id"] == found[1]
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_wrong_sql_is_our_mistake_and_no_outage(browser: Browser) -> None:
    assert browser.get("/fail/sql").status_code == 500


@pytest.mark.parametrize("status", [400, 404, 405, 413, 418])
def test_any_other_refusal_is_a_page_of_ours(browser: Browser, status: int) -> None:
    answer = browser.get(f"/fail/abort?status={status}")
    assert answer.status_code == status
    assert "Task Orchestrator" in answer.text


def test_a_number_that_no_table_holds_is_no_page(browser: Browser) -> None:
    assert browser.get("/runs/99999999999999999999").status_code == 404


def test_an_outage_on_the_way_keeps_what_was_typed(browser: Browser) -> None:
    fields = {"title": "Sales <today>", "recipients": ["a@b.example", "c@d.example"]}
    answer = browser.submit("/fail/away", page="/health", password="hidden", **fields)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "this may not have been saved" in answer.text
    assert "Sales &lt;today&gt;" in answer.text
    assert "c@d.example" in answer.text
    assert 'action="/fail/away"' in answer.text
    assert "hidden<" not in answer.text


def test_the_page_of_an_outage_holds_the_token_that_it_was_sent_with(browser: Browser) -> None:
    token = browser.token("/health")
    answer = browser.post("/fail/away", data={"csrf_token": token, "title": "Sales"})
    assert f'value="{token}"' in answer.text


def test_without_a_database_a_page_says_so_and_nobody_is_logged_out(
    browser: Browser, home: Path
) -> None:
    cookie = browser.get_cookie(COOKIE)
    with _without_database(home):
        answer = browser.get("/health")
        assert answer.status_code == 503
        assert "The database does not answer, so there is nothing to show." in answer.text
        assert "Set-Cookie" not in answer.headers
    assert browser.get_cookie(COOKIE) == cookie
    assert browser.get("/health").status_code == 200


def test_without_a_database_a_form_keeps_what_was_typed(browser: Browser, home: Path) -> None:
    token = browser.token("/health")
    with _without_database(home):
        answer = browser.post("/fail/wrong", data={"csrf_token": token, "title": "Sales"})
        assert answer.status_code == 503
        assert "The database does not answer, so nothing was saved." in answer.text
        assert "Sales" in answer.text
        assert f'value="{token}"' in answer.text
    again = browser.post("/fail/wrong", data={"csrf_token": token, "title": "Sales"})
    assert again.status_code == 422


def test_without_a_database_a_poll_gets_a_notice(browser: Browser, home: Path) -> None:
    with _without_database(home):
        answer = browser.get("/health", headers=FRAGMENT)
        assert answer.status_code == 503
        assert "<html" not in answer.text


def test_a_login_that_ended_keeps_what_was_typed(client: Browser) -> None:
    answer = client.post("/fail/wrong", data={"csrf_token": "old", "title": "Sales"})
    assert answer.status_code == 401
    assert "Sales" in answer.text
    assert "/login" in answer.text


def test_htmx_leads_a_guest_to_the_login_and_back_to_the_page(client: Browser) -> None:
    headers = FRAGMENT | {"HX-Current-URL": "http://localhost/health?x=1"}
    answer = client.get("/health", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/health?x%3D1"


def test_an_old_form_is_shown_again_with_a_new_token(browser: Browser) -> None:
    answer = browser.post("/preferences/theme", data={"theme": "dark", "csrf_token": "old"})
    assert answer.status_code == 400
    tokens = re.findall(r'name="csrf_token"\s+value="([^"]+)"', answer.text)
    assert tokens
    data = {"theme": "dark", "csrf_token": tokens[-1]}
    assert browser.post("/preferences/theme", data=data).status_code == 303


def test_a_form_of_another_site_is_not_offered_again(browser: Browser) -> None:
    answer = browser.post(
        "/preferences/theme", data={"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400
    assert "<textarea" not in answer.text


class _without_database:  # noqa: N801 (reads as what it is)
    """Take the database's file away for a while."""

    def __init__(self, home: Path) -> None:
        self.path, self.aside = home / "orchestrator.sqlite", home / "aside"

    def __enter__(self) -> None:
        engine().dispose()
        self.path.rename(self.aside)
        self.path.mkdir()

    def __exit__(self, *_: object) -> None:
        engine().dispose()
        self.path.rmdir()
        self.aside.rename(self.path)
