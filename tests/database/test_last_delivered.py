"""Which run counts as the last one that reached people."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from tasks.db import reading, transaction
from tasks.models import Delivery, DeliveryState, Run
from tasks.queries.last_delivered import last_delivered
from tasks.runs.perform import perform
from tests.support.factories import a_run
from tests.support.reported import FIRST, a_report, made, the_table, was_sent

ARRIVED, FAILED = DeliveryState.DELIVERED, DeliveryState.FAILED
IN_DOUBT, KEPT_BACK = DeliveryState.UNCERTAIN, DeliveryState.SUPPRESSED


@pytest.fixture(autouse=True)
def _a_table(database: str, home: Path) -> None:
    the_table(home, FIRST)


def ended(run: Run, states: Sequence[DeliveryState]) -> None:
    """Let the deliveries of the run have ended so."""
    with transaction() as session:
        session.execute(delete(Delivery).where(Delivery.run_id == run.id))
        for number, state in enumerate(states):
            to = f"r{number}@example.com"
            session.add(Delivery(run_id=run.id, recipient=to, message_id=f"<{to}>", state=state))


def compared_with(run: Run) -> int | None:
    with reading() as session:
        before = last_delivered(session, run.id)
        return before.run_id if before else None


@pytest.mark.parametrize(
    ("states", "counts"),
    [
        ([ARRIVED], True),
        ([ARRIVED, FAILED], True),
        ([ARRIVED, KEPT_BACK], True),
        ([IN_DOUBT], True),
        ([FAILED, FAILED], False),
        ([KEPT_BACK], False),
        ([FAILED, KEPT_BACK], False),
        ([DeliveryState.QUEUED], False),
        ([DeliveryState.SENDING], False),
        ([], True),
    ],
)
def test_a_run_counts_once_it_has_reached_somebody(
    states: Sequence[DeliveryState], counts: bool
) -> None:
    task = a_report(condition={"kind": "changed"})
    run = made(task)
    ended(run, states)
    assert compared_with(a_run(task)) == (run.id if counts else None)


def test_a_mail_that_arrives_when_it_is_sent_again_makes_its_run_count(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    refused = made(task, arrived=False)
    assert compared_with(a_run(task)) is None
    with transaction() as session:
        session.execute(update(Delivery).where(Delivery.run_id == refused.id).values(state=ARRIVED))
    assert not was_sent(made(task))


def test_two_runs_at_once_lose_no_news(home: Path) -> None:
    task = a_report(condition={"kind": "new_rows", "keys": ["CODE"]})
    one, other = a_run(task), a_run(task)
    perform(other.id, worker="worker-2")
    perform(one.id, worker="worker-1")
    with reading() as session:
        rows = [session.get_one(Run, run.id).rows for run in (one, other)]
    assert rows == [2, 2]


def test_a_run_is_never_compared_with_a_later_one(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    waiting = a_run(task)
    made(task)
    assert compared_with(waiting) is None


def test_a_run_made_once_more_by_hand_is_compared_with_the_one_that_arrived(home: Path) -> None:
    task = a_report(condition={"kind": "changed"})
    arrived = made(task)
    again = made(task, retry_of_id=arrived.id)
    assert again.reason == f"Nothing to send: nothing has changed since run {arrived.id}."
