"""The password of Excel files in the form of a report: it goes in and never comes out."""

from typing import Any

import pytest

from tasks.encryption import decrypt
from tasks.log import MASK
from tasks.models import Role
from tests.support.factories import a_source
from tests.web.conftest import Browser, LoginAs
from tests.web.test_tasks_editing import FILLED, the_task

PASSWORD = " gizli 2026 "
NEW: dict[str, Any] = FILLED | {"formats": ["xlsx"], "slug": "locked", "file_password": PASSWORD}
EDIT = "/tasks/locked/edit"


@pytest.fixture
def author(login_as: LoginAs) -> Browser:
    a_source()
    return login_as(Role.AUTHOR)


def kept() -> str:
    return str(the_task("locked").settings["file_password"])


def change(author: Browser, **sent: Any) -> None:
    version = str(the_task("locked").version)
    answer = author.submit(EDIT, **NEW | {"file_password": "", "version": version} | sent)
    assert answer.status_code == 303, answer.text


def test_it_is_kept_encrypted_and_shown_nowhere(author: Browser) -> None:
    assert author.submit("/tasks", page="/tasks/new", **NEW).status_code == 303
    first = kept()
    assert decrypt(first) == PASSWORD
    change(author, file_password="Mahrem-2027")
    pages = ["/tasks/locked", EDIT, "/tasks/locked/versions", "/tasks/locked/versions/2"]
    for page in pages:
        text = author.get(page).text
        for hidden in (PASSWORD.strip(), "Mahrem-2027", first, kept()):
            assert hidden not in text
    assert "One is set" in author.get(EDIT).text
    assert f"{MASK} (changed)" in author.get("/tasks/locked/versions/2").text


def test_an_empty_control_keeps_it_and_a_tick_takes_it_away(author: Browser) -> None:
    author.submit("/tasks", page="/tasks/new", **NEW)
    first = kept()
    change(author, title="Another title")
    assert kept() == first
    change(author, file_password_off="on")
    assert kept() == ""


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"file_password": "1234567"}, "has 8 to 255 characters"),
        ({"file_password": "x" * 256}, "has 8 to 255 characters"),
        ({"formats": ["xlsx", "csv"]}, "Only an Excel file can have a password"),
        ({"formats": ["pdf"]}, "Only an Excel file can have a password"),
    ],
)
def test_what_would_not_protect_is_refused(
    author: Browser, sent: dict[str, Any], said: str
) -> None:
    answer = author.submit("/tasks", page="/tasks/new", **NEW | sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert PASSWORD.strip() not in answer.text
