"""Logging in and out, and what the table keeps of it."""

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from tasks.accounts import create_user
from tasks.clock import utcnow
from tasks.db import engine, reading, transaction
from tasks.models import Role, User, WebSession
from tests.web.conftest import PASSWORD, Browser, LoginAs
from webui import sessions
from webui.sessions import COOKIE


@pytest.fixture(autouse=True)
def ayse(app: Flask) -> User:
    """A viewer with a password."""
    with transaction() as session:
        return create_user(session, "ayse", PASSWORD, Role.VIEWER)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that the test moves."""
    with time_machine.travel(utcnow(), tick=False) as traveller:
        yield traveller


def _sessions() -> list[WebSession]:
    with reading() as session:
        return list(session.scalars(select(WebSession).order_by(WebSession.id)))


def _cookie(browser: Browser) -> str:
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def test_the_right_password_leads_to_the_page_that_was_asked_for(client: Browser) -> None:
    asked = client.get("/health?x=1")
    assert asked.headers["Location"] == "/login?next=/health?x%3D1"
    answer = client.log_in("ayse", next="/health?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/health?x=1")
    assert client.get("/health").status_code == 200


def test_a_wrong_password_keeps_the_login_and_forgets_the_password(client: Browser) -> None:
    answer = client.log_in("ayse", "not the password")
    assert answer.status_code == 422
    assert "The login or the password is not right." in answer.text
    assert 'value="ayse"' in answer.text
    assert "not the password" not in answer.text
    assert client.get("/health").status_code == 302


def test_an_inactive_user_is_told_the_same_as_a_stranger(client: Browser, ayse: User) -> None:
    with transaction() as session:
        session.get_one(User, ayse.id).is_active = False
    assert client.log_in("ayse").status_code == 422


def test_who_is_switched_off_is_out_at_once(client: Browser, ayse: User) -> None:
    client.log_in("ayse")
    with transaction() as session:
        session.get_one(User, ayse.id).is_active = False
    assert client.get("/health").status_code == 302


def test_the_table_holds_the_digest_of_the_token_only(client: Browser, ayse: User) -> None:
    client.log_in("ayse")
    [row] = _sessions()
    assert row.token_sha256 == hashlib.sha256(_cookie(client).encode()).hexdigest()
    assert row.user_id == ayse.id


def test_a_login_gives_another_token_and_ends_the_one_before(client: Browser) -> None:
    client.token()
    before = _cookie(client)
    client.log_in("ayse")
    assert _cookie(client) != before
    assert len(_sessions()) == 1
    client.set_cookie(COOKIE, before)
    assert client.get("/health").status_code == 302


def test_the_token_of_a_form_is_another_one_after_the_login(client: Browser) -> None:
    old = client.token()
    client.log_in("ayse")
    answer = client.post("/preferences/theme", data={"csrf_token": old, "theme": "dark"})
    assert answer.status_code == 400


def test_a_logout_removes_the_row_and_the_cookie(client: Browser) -> None:
    client.log_in("ayse")
    answer = client.submit("/logout", page="/health")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert client.get_cookie(COOKIE) is None
    assert _sessions() == []
    assert client.get("/health").status_code == 302


def test_who_is_logged_in_is_led_on_from_the_login_page(client: Browser) -> None:
    client.log_in("ayse")
    answer = client.get("/login?next=/health")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/health")


def test_a_request_reads_its_session_and_its_user_in_one_query(client: Browser) -> None:
    client.log_in("ayse")
    asked: list[str] = []
    event.listen(engine(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert client.get("/login").status_code == 302
    assert [statement for statement in asked if not statement.startswith("BEGIN")] == [asked[-1]]
    assert "JOIN" in asked[-1]


def test_a_session_ends_after_twelve_hours_of_silence(
    client: Browser, clock: time_machine.Traveller
) -> None:
    client.log_in("ayse")
    clock.shift(timedelta(hours=11, minutes=59))
    assert client.get("/health").status_code == 200
    clock.shift(timedelta(hours=11, minutes=59))
    assert client.get("/health").status_code == 200
    clock.shift(timedelta(hours=12, seconds=1))
    assert client.get("/health").status_code == 302


def test_reading_pages_writes_the_expiry_only_every_few_minutes(
    client: Browser, clock: time_machine.Traveller
) -> None:
    client.log_in("ayse")
    client.get("/health")
    [before] = _sessions()
    clock.shift(timedelta(minutes=4))
    client.get("/health")
    [same] = _sessions()
    clock.shift(timedelta(minutes=2))
    client.get("/health")
    [later] = _sessions()
    assert same.expires_at == before.expires_at < later.expires_at


def test_a_login_sweeps_out_what_has_expired(
    client: Browser, ayse: User, clock: time_machine.Traveller
) -> None:
    with transaction() as session:
        session.add(WebSession(token_sha256="0" * 64, expires_at=utcnow() - timedelta(seconds=1)))
    client.log_in("ayse")
    assert [row.user_id for row in _sessions()] == [ayse.id]


@pytest.mark.parametrize("path", ["/", "/health", "/nowhere", "/healthz", "/static/none.css"])
def test_a_guest_who_only_looks_leaves_no_row(client: Browser, path: str) -> None:
    client.get(path)
    assert _sessions() == []
    assert client.get_cookie(COOKIE) is None


@pytest.mark.parametrize("path", ["/static/none.css", "/healthz", "/metrics"])
def test_addresses_without_a_session_do_not_end_one(client: Browser, path: str) -> None:
    client.log_in("ayse")
    client.get(path, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert client.get("/health").status_code == 200


def test_the_sixth_try_within_a_minute_is_told_to_wait(client: Browser) -> None:
    for _ in range(5):
        assert client.log_in("ayse", "wrong").status_code == 422
    answer = client.log_in("ayse")
    assert answer.status_code == 429
    assert "Wait a minute" in answer.text
    assert 'value="ayse"' in answer.text


def test_a_right_password_is_no_try(client: Browser, ayse: User) -> None:
    for _ in range(6):
        assert client.log_in("ayse").status_code == 303
        client.submit("/logout", page="/health")
    assert client.log_in("ayse", "wrong").status_code == 422


def test_tries_for_one_login_do_not_lock_another_out(client: Browser, login_as: LoginAs) -> None:
    for _ in range(6):
        client.log_in("ayse", "wrong")
    assert login_as(Role.VIEWER, "mehmet").get("/health").status_code == 200


@pytest.mark.parametrize(
    "goal",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "http:evil.example",
        "",
    ],
)
def test_a_login_leads_to_no_other_site(client: Browser, goal: str) -> None:
    assert client.log_in("ayse", next=goal).headers["Location"] == "/"


def test_an_old_login_page_keeps_the_login_and_can_be_sent_again(client: Browser) -> None:
    answer = client.post("/login", data={"login": "ayse", "password": PASSWORD, "next": "/health"})
    assert answer.status_code == 400
    assert 'value="ayse"' in answer.text
    assert 'value="/health"' in answer.text
    assert PASSWORD not in answer.text


def test_an_answer_stands_where_only_its_session_cannot_be_written(
    client: Browser, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.log_in("ayse")
    clock.shift(timedelta(hours=1))

    def locked() -> None:
        raise OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))

    monkeypatch.setattr(sessions, "transaction", locked)
    assert client.get("/health").status_code == 200
