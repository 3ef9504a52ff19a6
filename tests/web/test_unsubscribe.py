"""A recipient stops a task's mails by the address in one of them, and comes back."""

import pytest
from flask import Flask
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.links import link_for
from tasks.models import Unsubscription, WebSession
from tasks.unsubscribing import stop_url
from tests.support.factories import a_task
from tests.web.conftest import Browser
from webui.limits import limiter

GONE = "The link is not whole, its time is over, or its files are no longer kept."


@pytest.fixture(autouse=True)
def _tried_by_nobody(app: Flask) -> None:
    with app.app_context():
        limiter.reset()


def path_of(task_id: int, address: str = "Ayse@Example.com") -> str:
    return "/unsubscribe/" + stop_url(task_id, address).rsplit("/", 1)[1]


def stopped() -> list[tuple[int, str]]:
    with reading() as session:
        rows = session.scalars(select(Unsubscription)).all()
        return [(row.task_definition_id, row.address) for row in rows]


def test_to_look_stops_nothing_and_leaves_no_session(client: Browser) -> None:
    page = client.get(path_of(a_task().id))
    assert page.status_code == 200
    assert "ayse@example.com gets the mails of “A Report”." in page.text
    assert stopped() == []
    assert "Set-Cookie" not in page.headers
    with reading() as session:
        assert session.scalars(select(WebSession)).all() == []


def test_one_click_stops_without_a_cookie_or_a_token(client: Browser) -> None:
    """As RFC 8058 asks a mail program to do it; twice is the same as once."""
    path = path_of(a_task().id)
    for _ in range(2):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "gets no mails of “A Report” any more" in answer.text
    assert stopped() == [(1, "ayse@example.com")]


def test_who_stopped_comes_back_by_the_same_link(client: Browser) -> None:
    path = path_of(a_task().id)
    client.post(path)
    assert "Send them to me again" in client.get(path).text
    assert "Stop these mails" in client.post(f"{path}/return").text
    assert stopped() == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "2" + token[1:],
        lambda token: token.replace(".", "..", 1),
        lambda token: token + "=",
        lambda token: token.split(".")[0],
        lambda _: "1." + "A" * 2_000 + "." + "A" * 43,
    ],
)
def test_a_link_that_was_made_up_does_nothing(client: Browser, spoil: object) -> None:
    token = path_of(a_task().id).rsplit("/", 1)[1]
    path = f"/unsubscribe/{spoil(token)}"  # type: ignore[operator]
    for answer in (client.get(path), client.post(path), client.post(f"{path}/return")):
        assert answer.status_code == 404
        assert GONE in answer.text
    assert stopped() == []


def test_a_link_to_a_task_that_is_gone_is_like_a_wrong_one(client: Browser) -> None:
    answer = client.post(path_of(77))
    assert answer.status_code == 404
    assert GONE in answer.text


def test_a_link_for_files_is_none_to_stop_mails(client: Browser) -> None:
    token = link_for(1, now=utcnow()).rsplit("/", 1)[1]
    assert client.post(f"/unsubscribe/{token}").status_code == 404


def test_nobody_keeps_or_lists_the_link(client: Browser) -> None:
    headers = client.get(path_of(a_task().id)).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
