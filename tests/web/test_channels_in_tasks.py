"""The choice of channels in the form of a task, on its page and in its versions."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tasks.db import reading, transaction
from tasks.kinds import ChannelKind
from tasks.models import Channel, Role, TaskDefinition
from tests.support.channels import a_channel, saved
from tests.support.factories import a_source
from tests.web.conftest import Browser, LoginAs

URL = "https://hooks.example.com/services/S3CRET"
REPORT: dict[str, Any] = {
    "job": "report",
    "title": "Open invoices",
    "slug": "open-invoices",
    "source": "demo",
    "sql": "SELECT 1 AS A FROM DUMMY",
    "formats": "csv",
    "language": "en",
    "subject": "{title}",
    "text": "{title}",
    "totals": "decimals",
    "max_rows": "1000",
    "queue": "default",
    "priority": "5",
    "timeout_seconds": "15",
    "timeout_seconds-unit": "minutes",
    "max_attempts": "1",
    "retry_delay_seconds": "1",
    "retry_delay_seconds-unit": "minutes",
    "retry_backoff": "2",
    "retry_max_delay_seconds": "1",
    "retry_max_delay_seconds-unit": "hours",
    "retry_jitter": "10",
    "overlap": "allow",
}


@pytest.fixture
def author(login_as: LoginAs, home: Path) -> Browser:
    a_source()
    place = {"host": "sftp.example.com", "user": "company"}
    saved(
        a_channel(ChannelKind.SFTP, "bank", title="House bank", secrets={"password": "x"}, **place)
    )
    saved(a_channel(ChannelKind.TEAMS, "room", title="Sales room", secrets={"url": URL}))
    return login_as(Role.AUTHOR)


def add(author: Browser, **sent: Any) -> Any:
    return author.submit("/tasks", page="/tasks/new?job=report", **(REPORT | sent))


def kept() -> list[dict[str, Any]]:
    with reading() as session:
        task = session.scalars(select(TaskDefinition)).one()
        found: list[dict[str, Any]] = task.settings["channels"]
        return found


def test_a_task_uses_no_channel_unless_one_is_chosen(author: Browser) -> None:
    assert add(author).status_code == 303
    assert kept() == []
    assert "Where else it goes" not in author.get("/tasks/open-invoices").text


def test_channels_are_chosen_with_the_names_of_the_files(author: Browser) -> None:
    names = {"channels-bank-name": "{task}-{date}", "channels-bank-parts": "on"}
    assert add(author, channels=["bank", "room"], **names).status_code == 303
    assert kept() == [
        {"channel": "bank", "name": "{task}-{date}", "part_files": True},
        {"channel": "room", "name": "", "part_files": False},
    ]
    page = author.get("/tasks/open-invoices").text
    assert "Where else it goes" in page
    assert "{task}-{date}" in page
    form = author.get("/tasks/open-invoices/edit").text
    assert "House bank" in form
    assert 'value="{task}-{date}"' in form
    versions = author.get("/tasks/open-invoices/versions/1").text
    assert "bank · {task}-{date} · the files of each part" in versions
    assert "S3CRET" not in page + form + versions


def test_the_form_offers_no_secret_and_no_channel_that_is_off(author: Browser) -> None:
    with transaction() as session:
        session.execute(update(Channel).where(Channel.slug == "room").values(is_active=False))
    page = author.get("/tasks/new?job=report").text
    assert "House bank" in page
    assert "Sales room" not in page
    assert "S3CRET" not in page
    answer = add(author, channels="room")
    assert answer.status_code == 422
    assert "The channel “Sales room” is switched off" in answer.text


def test_what_was_typed_stays_where_it_is_refused(author: Browser) -> None:
    answer = add(author, channels="bank", **{"channels-bank-name": "out/{task}"})
    assert answer.status_code == 422
    assert "without slashes" in answer.text
    assert 'value="out/{task}"' in answer.text


def test_a_channel_that_was_made_up_is_refused(author: Browser) -> None:
    answer = add(author, channels="<script>")
    assert answer.status_code == 422
    assert "There is no channel" in answer.text
    assert "<script>&" not in answer.text
    assert 'value="<script>"' not in answer.text


def test_an_editor_may_choose_channels_too(author: Browser, login_as: LoginAs) -> None:
    add(author)
    editor = login_as(Role.EDITOR)
    answer = editor.submit("/tasks/open-invoices/edit", version="1", channels="room", **REPORT)
    assert answer.status_code == 303
    assert [one["channel"] for one in kept()] == ["room"]
