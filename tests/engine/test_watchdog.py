"""A worker that watches: over a scheduler that is silent, and over a child that hangs."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from tasks.clock import utcnow
from tasks.db import db_now, insert_once, reading, transaction
from tasks.models import (
    Alert,
    AlertKind,
    AlertMail,
    AlertMailState,
    RunState,
    SchedulerMark,
)
from tests.engine.running_stack import is_alive
from tests.support.clicking import click
from tests.support.factories import a_probe, a_run, a_schedule, a_task
from tests.support.mail import Mailbox
from tests.support.probe import steps
from tests.support.stack import Processes, the_run, wait_for_end
from tests.support.waiting import wait_until

BOSS = "boss@example.com"
HOUR = timedelta(hours=1)
WATCHING = {"ORCHESTRATOR_ALERT_MAIL": BOSS, "ORCHESTRATOR_TICK_SECONDS": "0.1"}


def let_the_scheduler_be_silent(since: timedelta = HOUR) -> None:
    """Set its last mark back, as if it had not worked for so long."""
    with transaction() as session:
        insert_once(session, SchedulerMark, {"name": "tick", "at": db_now()})
        tick = update(SchedulerMark).where(SchedulerMark.name == "tick")
        session.execute(tick.values(at=db_now(-since)))


def alerts() -> list[Alert]:
    silent = select(Alert).where(Alert.kind == AlertKind.SCHEDULER_SILENT)
    with reading() as session:
        return list(session.scalars(silent.order_by(Alert.id)))


def the_mail() -> AlertMail:
    silent = AlertMail.topic == AlertKind.SCHEDULER_SILENT
    with reading() as session:
        return session.scalars(select(AlertMail).where(silent)).one()


def let_the_pause_be_over() -> None:
    """Let the mail before be told so long ago that the next one may be."""
    with transaction() as session:
        session.execute(update(AlertMail).values(first_tried_at=db_now(-HOUR)))


def wait_for_mail(mailbox: Mailbox, subject: str, number: int = 1) -> None:
    def arrived() -> bool:
        return [letter["Subject"] for letter in mailbox.letters].count(subject) >= number

    wait_until(arrived, f"{number} mail(s): {subject}")


def a_late_run(number: int) -> None:
    a_run(a_task(f"late-{number}"), finish_by=utcnow() - HOUR)


def test_workers_without_a_scheduler_say_so_once_and_tell_what_is_late_meanwhile(
    processes: Processes, mailbox: Mailbox
) -> None:
    a_schedule(a_task(), next_due_at=utcnow() - HOUR)
    for _ in range(2):
        processes.worker(**WATCHING)
    let_the_scheduler_be_silent()
    wait_for_mail(mailbox, "The scheduler is silent")
    [alert] = alerts()
    assert the_mail().recipients == [BOSS]
    assert "schedules due since: 1." in alert.sentence
    for number in (1, 2):  # each of them is told by a look after the first
        a_late_run(number)
        wait_for_mail(mailbox, f"“Late {number}” is late")
    assert len(alerts()) == 1
    assert sorted(letter["Subject"] for letter in mailbox.letters) == [
        "The scheduler is silent",
        "“Late 1” is late",
        "“Late 2” is late",
    ]
    wait_until(lambda: the_mail().state is AlertMailState.SENT, "the alert is sent")


def test_a_scheduler_that_came_back_and_is_silent_again_is_told_again(
    processes: Processes, mailbox: Mailbox
) -> None:
    processes.worker(**WATCHING)
    let_the_scheduler_be_silent()
    wait_for_mail(mailbox, "The scheduler is silent")
    beat = processes.beat()
    assert len(alerts()) == 1
    processes.kill(beat)
    let_the_pause_be_over()
    let_the_scheduler_be_silent(since=HOUR / 2)
    wait_for_mail(mailbox, "The scheduler is silent", number=2)
    assert len({alert.key for alert in alerts()}) == 2


def test_a_child_that_holds_its_interpreter_is_ended_and_its_slot_works_again(
    processes: Processes, home: Path
) -> None:
    processes.worker(ORCHESTRATOR_WORKER_SLOTS="1")
    processes.beat()
    hangs = click(a_probe("hangs", act="block_all", safe_to_repeat=False))
    wait_until(lambda: steps(home, hangs.id, "start"), "the child hangs")
    [begun] = steps(home, hangs.id, "start")
    after = click(a_probe("after"))
    assert wait_for_end(hangs.id).state is RunState.LOST
    assert wait_for_end(after.id).state is RunState.SUCCEEDED
    assert not is_alive(begun.pid)
    assert steps(home, after.id, "start")[0].pid != begun.pid


def test_a_child_that_only_works_for_long_is_left_alone(
    processes: Processes, home: Path, tmp_path: Path
) -> None:
    processes.worker(ORCHESTRATOR_WORKER_SLOTS="1")
    processes.beat()
    gate = tmp_path / "go"
    works = click(a_probe("works", act="wait", until=str(gate), safe_to_repeat=False))
    wait_until(lambda: the_run(works.id).lease_until, "it has a lease")
    first = the_run(works.id).lease_until
    assert first is not None
    later = first + timedelta(seconds=3)
    wait_until(lambda: (the_run(works.id).lease_until or first) > later, "its lease is kept")
    gate.touch()
    assert wait_for_end(works.id).state is RunState.SUCCEEDED
    assert len({step.pid for step in steps(home, works.id)}) == 1
