"""The same pages on PostgreSQL: the way in and out, the health, the figures, and an outage."""

import pytest
from flask import Flask
from sqlalchemy import select

from tasks import db
from tasks.accounts import create_user
from tasks.db import reading, transaction
from tasks.models import Role, RunState, WebSession
from tasks.settings import settings
from tests.support.factories import a_run, a_schedule, a_task
from tests.web.calendars_support import a_calendar
from tests.web.conftest import PASSWORD, Browser
from webui import create_app
from webui.sessions import COOKIE


@pytest.fixture
def browser(postgres_database: str) -> Browser:
    """The browser of a viewer, logged in."""
    with transaction() as session:
        create_user(session, "ayse", PASSWORD, Role.VIEWER)
    browser = _browser(create_app())
    assert browser.log_in("ayse").status_code == 303
    return browser


def _browser(app: Flask) -> Browser:
    app.test_client_class = Browser
    client = app.test_client()
    assert isinstance(client, Browser)
    return client


def test_a_login_opens_the_pages_and_a_logout_leaves_nothing(browser: Browser) -> None:
    page = browser.get("/health")
    assert page.status_code == 200
    assert "PostgreSQL answers." in page.text
    assert browser.submit("/logout", page="/health").status_code == 303
    with reading() as session:
        assert session.scalars(select(WebSession)).all() == []


PAGES = (
    "/", "/tasks", "/schedules", "/schedules/1", "/calendars", "/calendars/ours", "/runs",
    "/runs/1",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_drawn(browser: Browser, path: str) -> None:
    task = a_task()
    a_run(task, state=RunState.FAILED)
    a_schedule(task, calendar_id=a_calendar(country="TR").id)
    assert browser.get(path).status_code == 200


def test_the_figures_are_told(browser: Browser) -> None:
    a_run(state=RunState.FAILED)
    lines = browser.get("/metrics").text.splitlines()
    assert 'orchestrator_runs_ended_last_hour{state="failed"} 1.0' in lines


def test_a_server_that_refuses_is_a_503_and_the_form_is_kept(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1"
    monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL", nowhere)
    settings.cache_clear()
    db.engine().dispose()
    db.engine.cache_clear()
    browser = _browser(create_app())
    browser.set_cookie(COOKIE, "any")
    answer = browser.post("/tasks", data={"csrf_token": "kept", "title": "Sales"})
    assert answer.status_code == 503
    assert "so nothing was saved" in answer.text
    assert "Sales" in answer.text
    assert 'value="kept"' in answer.text
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").json == {"database": False}
