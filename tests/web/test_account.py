"""A person's own page: address, language, the letter of the week, password."""

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, User
from tasks.settings import settings
from tests.support.factories import a_task
from tests.web.conftest import PASSWORD, Browser, LoginAs

FILLED = {"email": "viewer@example.com", "language": "", "wants_digest": "on"}
NEW = "another horse battery"


def the_viewer() -> User:
    with reading() as session:
        return session.scalars(select(User).where(User.login == "viewer")).one()


def test_a_viewer_keeps_address_language_and_the_wish_for_a_letter(viewer: Browser) -> None:
    answer = viewer.submit("/account", **FILLED | {"language": "tr"})
    assert answer.status_code == 303
    user = the_viewer()
    assert (user.email, user.language, user.wants_digest) == ("viewer@example.com", "tr", True)
    assert user.digest_sent_at is not None  # the next one, and none for the week before
    assert "viewer@example.com" in viewer.get("/account").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "nobody"}, "is not a mail address"),
        ({"email": "a@example.com\r\nBcc: x@example.com"}, "is not a mail address"),
        ({"email": ""}, "Give a mail address"),
        ({"email": "me@elsewhere.com"}, "outside of the domains"),
    ],
)
def test_what_cannot_be_is_refused(
    viewer: Browser, monkeypatch: pytest.MonkeyPatch, typed: dict[str, str], sentence: str
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_RECIPIENT_DOMAINS", "example.com")
    settings.cache_clear()
    answer = viewer.submit("/account", **FILLED | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert the_viewer().email is None


def test_without_an_address_there_is_no_letter(viewer: Browser) -> None:
    viewer.submit("/account", **FILLED)
    viewer.submit("/account", email="", language="")
    assert (the_viewer().email, the_viewer().wants_digest) == (None, False)


def test_a_task_is_followed_and_left_again(viewer: Browser) -> None:
    a_task("stock", title="Stock")
    viewer.submit("/tasks/stock/subscription", page="/tasks/stock")
    assert 'href="/tasks/stock"' in viewer.get("/account").text
    assert "Tell me no more" in viewer.get("/tasks/stock").text
    viewer.submit("/tasks/stock/subscription", page="/tasks/stock")  # sent twice
    viewer.submit("/tasks/stock/subscription", page="/tasks/stock", _method="DELETE")
    assert 'href="/tasks/stock"' not in viewer.get("/account").text
    assert viewer.submit("/tasks/none/subscription", page="/tasks/stock").status_code == 404


def test_who_has_no_address_is_asked_for_it(viewer: Browser) -> None:
    a_task("stock")
    viewer.submit("/tasks/stock/subscription", page="/tasks/stock")
    assert "Give your mail address" in viewer.get("/tasks/stock").text


def test_a_new_password_ends_the_other_sessions(viewer: Browser, client: Browser) -> None:
    assert client.log_in("viewer").status_code == 303
    fields = {"current": PASSWORD, "password": NEW}
    answer = viewer.submit("/account/password", page="/account", **fields)
    assert answer.status_code == 303
    assert viewer.get("/account").status_code == 200
    assert client.get("/account").status_code == 302
    assert client.log_in("viewer", NEW).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current": "wrong", "password": NEW}, "This is not your present password."),
        ({"current": PASSWORD, "password": "short"}, "A password has at least"),
    ],
)
def test_a_password_is_not_changed_by_whoever_finds_the_browser_open(
    viewer: Browser, client: Browser, fields: dict[str, str], sentence: str
) -> None:
    answer = viewer.submit("/account/password", page="/account", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert NEW not in answer.text
    assert client.log_in("viewer").status_code == 303


def test_nobody_tries_passwords_there(viewer: Browser) -> None:
    fields = {"current": "wrong", "password": NEW}
    answers = [
        viewer.submit("/account/password", page="/account", **fields).status_code for _ in range(6)
    ]
    assert answers == [422] * 5 + [429]


def test_a_guest_has_no_page(client: Browser) -> None:
    assert client.get("/account").status_code == 302


def test_nobody_changes_the_account_of_somebody_else(login_as: LoginAs) -> None:
    author, viewer = login_as(Role.AUTHOR), login_as(Role.VIEWER)
    viewer.submit("/account", **FILLED)
    author.submit("/account", **FILLED | {"email": "author@example.com"})
    assert the_viewer().email == "viewer@example.com"
