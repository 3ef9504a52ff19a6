"""The letter of the week goes once to each who asked for it, with the figures of their tasks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from tasks.db import transaction
from tasks.digest.due import LEASE, claim, give_back, last_due
from tasks.digest.sending import send_digests
from tasks.models import FOREVER, Role, RunResult, RunState, TaskDefinition, User
from tasks.settings import settings
from tests.support.factories import a_run, a_schedule, a_task, a_user
from tests.support.incidents import a_follower
from tests.support.mail import Mailbox, smtp_server

MONDAY = datetime(2026, 3, 16, 5, 0, 1, tzinfo=UTC)
"""Eight o'clock in Istanbul, and a second."""
DAY = timedelta(days=1)
WEDNESDAY = MONDAY - timedelta(days=5)


@pytest.fixture
def mailbox(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """What the mail server of this test got."""
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        settings.cache_clear()
        yield mailbox


@pytest.fixture(autouse=True)
def _on_monday_at_eight() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def a_reader(login: str = "ayse", **values: Any) -> User:
    wish: dict[str, Any] = {
        "email": f"{login}@example.com",
        "wants_digest": True,
        "role": Role.VIEWER,
    }
    return a_user(login, **(wish | values))


def ran(task: TaskDefinition, state: RunState, *, late: bool = False, to_send: bool = True) -> None:
    run = a_run(task, state=state, finished_at=WEDNESDAY, late_at=WEDNESDAY if late else None)
    with transaction() as session:
        session.add(
            RunResult(run_id=run.id, attempt=1, rows=0, digest="0" * 64, was_to_send=to_send)
        )


def text(mailbox: Mailbox) -> str:
    [letter] = mailbox.letters
    return str(letter.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (MONDAY, 16),
        (MONDAY - timedelta(seconds=2), 9),
        (MONDAY + timedelta(days=6), 16),
    ],
    ids=["at eight", "a little before", "on Sunday"],
)
def test_it_is_due_on_mondays_at_eight(home: object, now: datetime, day: int) -> None:
    local = last_due(now)
    assert (local.day, local.hour, local.weekday()) == (day, 8, 0)


def test_it_tells_the_figures_of_the_tasks_of_the_person(database: str, mailbox: Mailbox) -> None:
    task, other = a_task("stock", title="Stock"), a_task("other", title="Other")
    reader = a_reader()
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).owner_id = reader.id
    ran(task, RunState.SUCCEEDED)
    ran(task, RunState.SUCCEEDED, late=True)
    ran(task, RunState.SUCCEEDED, to_send=False)
    ran(task, RunState.TIMED_OUT)
    ran(other, RunState.FAILED)
    assert send_digests() == 1
    assert "succeeded: 3; failed: 1; late: 1; nothing to send: 1." in text(mailbox)
    assert "Other" not in text(mailbox)
    assert mailbox.letters[0]["Subject"].endswith("1 failed runs")


def test_it_counts_what_is_planned_for_the_coming_week(database: str, mailbox: Mailbox) -> None:
    task = a_task("stock")
    a_follower(task, "bora", wants_digest=True, role=Role.VIEWER)
    next_at = MONDAY.replace(hour=9, second=0)
    a_schedule(task, cron="0 9 * * *", next_due_at=next_at)
    a_schedule(a_task("other"), cron="0 9 * * *", next_due_at=next_at)
    send_digests()
    assert "planned for the coming week: 7." in text(mailbox)
    assert "Nothing ran" in text(mailbox)


def test_a_schedule_that_rests_plans_nothing_and_many_runs_are_not_all_counted(
    database: str, mailbox: Mailbox
) -> None:
    task = a_task("stock")
    next_at = MONDAY.replace(hour=9, second=0)
    a_schedule(task, cron="0 9 * * *", next_due_at=next_at, paused_until=FOREVER)
    a_schedule(task, name="B", cron="0 9 * * *", next_due_at=next_at, paused_until=MONDAY + DAY * 5)
    a_reader(role=Role.ADMIN)
    send_digests()
    assert "planned for the coming week: 2." in text(mailbox)
    a_schedule(task, name="C", cron="* * * * *", next_due_at=next_at)
    mailbox.letters.clear()
    with time_machine.travel(MONDAY + DAY * 7, tick=False):
        send_digests()
    assert "planned for the coming week: > 10000." in text(mailbox)


def test_an_administrator_hears_of_all_tasks(database: str, mailbox: Mailbox) -> None:
    ran(a_task("stock", title="Stock"), RunState.SUCCEEDED)
    a_reader(role=Role.ADMIN)
    send_digests()
    assert "- Stock" in text(mailbox)
    assert "all is well" in mailbox.letters[0]["Subject"]


def test_it_goes_once_however_often_and_by_however_many_it_is_tried(
    database: str, mailbox: Mailbox
) -> None:
    for login in ("ayse", "bora", "cem"):
        a_reader(login)
    with ThreadPoolExecutor(4) as threads:
        sent = list(threads.map(lambda _: send_digests(), range(4)))
    assert sum(sent) == 3
    assert sorted(str(letter["To"]) for letter in mailbox.letters) == [
        "ayse@example.com",
        "bora@example.com",
        "cem@example.com",
    ]
    assert send_digests() == 0


def test_it_goes_again_a_week_later(database: str, mailbox: Mailbox) -> None:
    a_reader()
    assert send_digests() == 1
    with time_machine.travel(MONDAY + timedelta(days=7), tick=False):
        assert send_digests() == 1


def test_while_the_mail_server_is_away_it_waits_but_not_for_long(
    database: str, home: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_reader()
    monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", "smtp://127.0.0.1:1")
    settings.cache_clear()
    assert send_digests() == 0
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        settings.cache_clear()
        with time_machine.travel(MONDAY + timedelta(days=3), tick=False):
            assert send_digests() == 0
        assert send_digests() == 1
        assert len(mailbox.letters) == 1


def test_one_whose_mailbox_is_full_holds_nobody_up(database: str, mailbox: Mailbox) -> None:
    for login in ("ayse", "bora", "cem"):
        a_reader(login)
    mailbox.refused = {"ayse@example.com": "452 full", "bora@example.com": "452 full"}
    for _ in range(3):
        send_digests()
    assert [str(letter["To"]) for letter in mailbox.letters] == ["cem@example.com"]


@pytest.mark.parametrize(
    "values",
    [{"wants_digest": False}, {"is_active": False}, {"email": None}, {"digest_sent_at": MONDAY}],
    ids=["who did not ask", "who was switched off", "who has no address", "who has just asked"],
)
def test_nobody_else_gets_it(database: str, mailbox: Mailbox, values: dict[str, Any]) -> None:
    a_reader(**values)
    assert send_digests() == 0
    assert mailbox.letters == []


def broke_off(login: str, at: datetime) -> None:
    """Take a letter at this instant, and never say what became of it."""
    with transaction() as session:
        user = session.scalars(select(User).filter_by(login=login)).one()
        assert claim(session, user.id, now=at) is not None


def test_a_letter_whose_sender_died_goes_once_more_with_the_same_id(
    database: str, mailbox: Mailbox
) -> None:
    a_reader()
    assert send_digests() == 1
    gone = mailbox.letters[0]["Message-ID"]
    with transaction() as session:  # as if the sender had died before it wrote that down
        session.scalars(select(User)).one().digest_sent_at = None
    assert send_digests() == 0
    with time_machine.travel(MONDAY + LEASE, tick=False):
        assert send_digests() == 1
        assert send_digests() == 0
    assert [letter["Message-ID"] for letter in mailbox.letters] == [gone, gone]


def test_a_letter_goes_at_most_twice_and_the_next_week_has_its_own(
    database: str, mailbox: Mailbox
) -> None:
    a_reader()
    broke_off("ayse", MONDAY)
    broke_off("ayse", MONDAY + LEASE)
    for later in (LEASE * 2, LEASE * 3, DAY):
        with time_machine.travel(MONDAY + later, tick=False):
            assert send_digests() == 0
    with time_machine.travel(MONDAY + DAY * 7, tick=False):
        assert send_digests() == 1
        assert send_digests() == 0


def test_a_letter_taken_over_once_waits_for_the_mail_server_and_goes_a_last_time(
    database: str, mailbox: Mailbox
) -> None:
    a_reader()
    broke_off("ayse", MONDAY)
    mailbox.refused = {"ayse@example.com": "452 full"}
    with time_machine.travel(MONDAY + LEASE, tick=False):
        assert send_digests() == 0
        mailbox.refused = {}
        broke_off("ayse", MONDAY + LEASE)
    with time_machine.travel(MONDAY + LEASE * 3, tick=False):
        assert send_digests() == 0


def test_one_that_was_taken_over_and_cannot_go_holds_nobody_up(
    database: str, mailbox: Mailbox
) -> None:
    a_reader("ayse")
    broke_off("ayse", MONDAY)
    a_reader("bora")
    mailbox.refused = {"ayse@example.com": "452 full"}
    with time_machine.travel(MONDAY + LEASE, tick=False):
        send_digests()
    assert [str(letter["To"]) for letter in mailbox.letters] == ["bora@example.com"]


def test_a_slow_sender_whose_letter_was_taken_over_changes_nothing(
    database: str, mailbox: Mailbox
) -> None:
    user_id = a_reader().id
    with transaction() as session:
        slow = claim(session, user_id, now=MONDAY)
    assert slow is not None
    with time_machine.travel(MONDAY + LEASE, tick=False):
        assert send_digests() == 1
        with transaction() as session:
            give_back(session, slow, now=MONDAY + LEASE)
        assert send_digests() == 0
    assert len(mailbox.letters) == 1
