"""What the tests of incidents share: runs that end, letters that fail, and who is told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tasks.alert_mails import send_alerts
from tasks.db import reading, transaction
from tasks.errors import ErrorKind
from tasks.incidents.people import follow
from tasks.models import (
    Alert,
    AlertMail,
    Delivery,
    DeliveryState,
    Incident,
    Run,
    RunState,
    TaskDefinition,
)
from tasks.runs.ending import end_attempt
from tasks.runs.outcome import Outcome
from tests.support.factories import a_run, a_user

WHY = "The source does not answer"


def end(task: TaskDefinition, state: RunState = RunState.FAILED, **values: Any) -> Run:
    """Let a run of the task end so."""
    run = a_run(task, state=RunState.RUNNING, **values)
    finish(run, state)
    return run


def finish(run: Run, state: RunState, deliveries: Sequence[Delivery] = (), **values: Any) -> None:
    """End the run's attempt so, with its letters."""
    if state is RunState.FAILED:
        values = {"error_kind": ErrorKind.SOURCE_UNREACHABLE, "error": WHY} | values
    outcome = Outcome(state, deliveries=deliveries, **values)
    with transaction() as session:
        end_attempt(session, run.id, run.attempt, outcome, actor="worker-1")


def a_letter(run: Run, recipient: str = "ali@example.com") -> Delivery:
    """A letter of the run that is being sent."""
    return Delivery(
        run_id=run.id,
        recipient=recipient,
        message_id="<1@test>",
        state=DeliveryState.SENDING,
        tries=1,
    )


def a_follower(task: TaskDefinition, login: str, **values: Any) -> str:
    """A user who wants to hear of the task; returns the address."""
    address = f"{login}@example.com"
    user = a_user(login, **({"email": address} | values))
    with transaction() as session:
        follow(session, user_id=user.id, task_id=task.id)
    return address


def incidents() -> list[Incident]:
    with reading() as session:
        return list(session.scalars(select(Incident).order_by(Incident.id)))


def alerts() -> list[Alert]:
    with reading() as session:
        return list(session.scalars(select(Alert).order_by(Alert.id)))


def send_what_is_told(time: timedelta = timedelta(minutes=1)) -> int:
    """Let so much time pass for the mails, and send those that are due."""
    with transaction() as session:
        for mail in session.scalars(select(AlertMail)):
            mail.next_try_at = mail.next_try_at and mail.next_try_at - time
            mail.first_tried_at = mail.first_tried_at and mail.first_tried_at - time
    return send_alerts()
