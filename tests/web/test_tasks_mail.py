"""Copies, the answer address, the account and how the files come, in the form of a task."""

from typing import Any

import pytest
from sqlalchemy import update

from tasks.db import transaction
from tasks.kinds import ChannelKind
from tasks.models import Channel, Role
from tests.support.delivering import an_account
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED, tasks_kept, the_task

SLUG = "subat-cikislari"


def sent(login_as: LoginAs, **values: Any) -> tuple[int, str]:
    a_source()
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **FILLED | values)
    return answer.status_code, answer.text


def test_what_is_chosen_is_kept_and_shown(login_as: LoginAs) -> None:
    an_account(port=25)
    chosen = {
        "mail-cc": "boss@example.com\r\n ledger@example.com ",
        "mail-bcc": "archive@example.com",
        "mail-reply_to": "answers@example.com",
        "mail-account": "finance",
        "mail-attach": "link",
        "mail-stop_link": "on",
    }
    assert sent(login_as, **chosen)[0] == 303
    mail = the_task(SLUG).settings["mail"]
    assert mail["cc"] == ["boss@example.com", "ledger@example.com"]
    assert (mail["bcc"], mail["reply_to"]) == (["archive@example.com"], "answers@example.com")
    assert (mail["account"], mail["attach"], mail["stop_link"]) == ("finance", "link", True)
    page = login_as(Role.VIEWER, login="viewer").get(f"/tasks/{SLUG}").text
    for words in ("boss@example.com", "archive@example.com", "answers@example.com", "finance"):
        assert words in page


def test_a_task_that_says_nothing_sends_as_it_always_did(login_as: LoginAs) -> None:
    assert sent(login_as)[0] == 303
    mail = the_task(SLUG).settings["mail"]
    assert (mail["cc"], mail["bcc"], mail["reply_to"], mail["account"]) == ([], [], "", "")
    assert (mail["attach"], mail["stop_link"]) == ("files", False)


@pytest.mark.parametrize(
    ("control", "typed", "told"),
    [
        ("mail-cc", "boss", "“boss” is not a mail address"),
        ("mail-bcc", "a@b.co\r\nBcc: thief@example.com", "is not a mail address"),
        ("mail-reply_to", "a@b.co, c@d.co", "is not a mail address"),
    ],
)
def test_what_is_no_address_is_told_beside_it(
    login_as: LoginAs, control: str, typed: str, told: str
) -> None:
    status, page = sent(login_as, **{control: typed})
    assert status == 422
    assert told in page.split(f'id="error-{control}"', 1)[1].split("</p>", 1)[0]
    assert tasks_kept() == 0


def test_an_account_that_is_gone_stays_chosen_until_somebody_changes_it(login_as: LoginAs) -> None:
    a_source()
    a_task(settings={"mail": {"account": "sales"}})
    page = login_as(Role.AUTHOR).get("/tasks/a-report/edit").text
    assert "sales (no longer there)" in page


def test_an_account_that_is_not_there_or_off_is_told_beside_it(login_as: LoginAs) -> None:
    a_source()
    an_account("off", port=25, title="Old account", is_active=False)
    an_account("folder", port=25, kind=ChannelKind.FOLDER)
    for account, told in (
        ("sales", "There is no mail account “sales”"),
        ("folder", "There is no mail account “folder”"),
        ("off", "The mail account “Old account” is switched off"),
    ):
        answer = login_as(Role.AUTHOR, login=account).submit(
            "/tasks", page="/tasks/new", **FILLED | {"mail-account": account}
        )
        assert answer.status_code == 422
        assert told in answer.text.split('id="error-mail-account"', 1)[1].split("</p>", 1)[0]
    assert tasks_kept() == 0


def test_an_account_that_was_switched_off_later_does_not_hold_up_other_changes(
    login_as: LoginAs,
) -> None:
    an_account(port=25)
    assert sent(login_as, **{"mail-account": "finance"})[0] == 303
    with transaction() as session:
        session.execute(update(Channel).values(is_active=False))
    answer = login_as(Role.AUTHOR, login="other").submit(
        f"/tasks/{SLUG}/edit",
        page=f"/tasks/{SLUG}/edit",
        version="1",
        **FILLED | {"mail-account": "finance", "mail-cc": "boss@example.com"},
    )
    assert answer.status_code == 303
