"""Why a run waits, how far it is, and what belongs to it: on its page and in the list."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Run, RunState, Trigger, Worker
from tasks.queries.remembered import forget
from tasks.runs.holds import QUEUE_PAUSED
from tests.support.factories import a_run, a_task
from tests.web.conftest import Browser
from tests.web.runs_support import PARTIAL, an_event, poll_of


def progressed(run: Run, done: int, total: int | None = None, text: str = "") -> None:
    """Write how far the run is, as its heartbeat does: without an event."""
    with transaction() as session:
        kept = session.get_one(Run, run.id)
        kept.progress_done, kept.progress_total, kept.progress_text = done, total, text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("overlap", "until the run before it has ended"),
        ("task_busy", "until fewer runs of its task are at work"),
        ("source_busy", "until fewer runs read its source"),
        ("queue_busy", "until fewer runs of its queue are at work"),
        ("queue_paused", "because its queue is paused"),
        ("quiet_hours", "until the quiet hours of its source are over"),
    ],
)
def test_a_run_that_is_held_says_what_it_waits_for(viewer: Browser, code: str, words: str) -> None:
    run = a_run(reason_code=code, reason="A sentence about it.", error="An old error.")
    page = viewer.get(f"/runs/{run.id}").text
    assert words in page
    assert "A sentence about it." in page
    assert "An old error." not in page
    assert "as soon as a worker" not in page
    assert "A sentence about it." in viewer.get("/runs").text


def test_a_run_in_a_queue_without_a_worker_says_so_until_one_takes_from_it(
    viewer: Browser,
) -> None:
    run = a_run(queue="archive", due_at=utcnow() - timedelta(minutes=5))
    page = viewer.get(f"/runs/{run.id}").text
    assert "No worker takes from its queue “archive”." in page
    assert "orchestrator worker --queues archive" in page
    assert "No worker takes from its queue “archive”." in viewer.get("/").text
    with transaction() as session:
        session.add(Worker(name="worker-2", queues=["archive"], slots=1, last_seen_at=utcnow()))
    answer = viewer.get(poll_of(page, "run-body"), headers=PARTIAL)
    assert "It starts as soon as a worker of the queue “archive” is free." in answer.text
    forget()
    assert "No worker takes" not in viewer.get("/").text


def test_a_reason_that_only_repeats_the_words_above_it_is_not_shown(viewer: Browser) -> None:
    run = a_run(reason_code="queue_paused", reason=QUEUE_PAUSED)
    page = viewer.get(f"/runs/{run.id}").text
    assert "It waits because its queue is paused" in page
    assert QUEUE_PAUSED not in page
    assert QUEUE_PAUSED in viewer.get("/runs").text


def test_a_run_that_waits_for_its_next_attempt_says_when_and_why(viewer: Browser) -> None:
    soon = utcnow() + timedelta(minutes=2)
    run = a_run(reason_code="retry", error="No OINV.", next_attempt_at=soon, attempt=1)
    page = viewer.get(f"/runs/{run.id}").text
    assert "It waits for its next attempt" in page
    assert "No OINV." in page
    assert soon.isoformat(timespec="seconds") in page
    assert soon.isoformat(timespec="seconds") in viewer.get("/runs").text


def test_a_running_run_shows_how_far_it_is(viewer: Browser) -> None:
    run = a_run(state=RunState.RUNNING)
    progressed(run, 3_200, 10_000, "rows read")
    for address in ("/runs", f"/runs/{run.id}"):
        page = viewer.get(address).text
        assert "3,200 of 10,000 rows read" in page
        assert 'value="3200"' in page
        assert 'max="10000"' in page


def test_without_a_total_there_is_no_bar(viewer: Browser) -> None:
    run = a_run(state=RunState.RUNNING)
    progressed(run, 3_200, text="rows read")
    page = viewer.get(f"/runs/{run.id}").text
    assert "3,200 rows read" in page
    assert "<progress" not in page


def test_a_run_that_is_over_shows_no_progress(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    progressed(run, 3_200, 10_000, "rows read")
    assert "rows read" not in viewer.get(f"/runs/{run.id}").text


def test_the_poll_of_a_run_notices_progress_without_an_event(viewer: Browser) -> None:
    run = a_run(state=RunState.RUNNING)
    an_event(run)
    version = viewer.get(f"/runs/{run.id}").text.split("since=")[1].split("&")[0]
    address = f"/runs/{run.id}?since={version}"
    assert viewer.get(address, headers=PARTIAL).status_code == 204
    progressed(run, 7, 10)
    assert "7 of 10" in viewer.get(address, headers=PARTIAL).text


def test_the_poll_of_the_list_sends_only_the_row_that_moved_on(viewer: Browser) -> None:
    over, running = a_run(state=RunState.FAILED), a_run(state=RunState.RUNNING)
    an_event(over)
    page = viewer.get("/runs").text
    address = page.split('hx-get="')
    poll = next(one for one in address if "moved=" in one).split('"')[0].replace("&amp;", "&")
    with time_machine.travel(utcnow() + timedelta(minutes=1)):
        assert viewer.get(poll, headers=PARTIAL).status_code == 204
        progressed(running, 7, 10)
        answer = viewer.get(poll, headers=PARTIAL).text
    assert "7 of 10" in answer
    assert f'hx-target="#run-{over.id}"' not in answer
    assert "run-tabs" not in answer


def test_a_chain_is_shown_from_both_ends(viewer: Browser) -> None:
    first = a_run(a_task("stock", title="Stock"), state=RunState.SUCCEEDED)
    then = a_run(a_task("orders", title="Orders"), cause_id=first.id, trigger=Trigger.TASK)
    page = viewer.get(f"/runs/{first.id}").text
    assert page.index("Then ran") < page.index(f'href="/runs/{then.id}"')
    page = viewer.get(f"/runs/{then.id}").text
    assert page.index("Caused by") < page.index(f'href="/runs/{first.id}"')


def test_a_late_run_is_marked_and_one_that_kept_its_deadline_is_not(viewer: Browser) -> None:
    now = utcnow()
    kept = a_run(state=RunState.SUCCEEDED)
    late = a_run(state=RunState.RUNNING, finish_by=now, late_at=now)
    assert "badge--warning" in viewer.get(f"/runs/{late.id}").text
    assert "badge--warning" not in viewer.get(f"/runs/{kept.id}").text
    assert viewer.get("/runs").text.count("table__note--late") == 1


def test_a_row_that_stands_for_many_instants_says_how_many_and_until_when(viewer: Browser) -> None:
    until = datetime(2026, 3, 16, 9, tzinfo=UTC)
    run = a_run(state=RunState.SKIPPED, reason_code="missed", instants=412, covers_until=until)
    page = viewer.get(f"/runs/{run.id}").text
    assert "It was missed" in page
    assert "It stands for 412 instants" in page
    assert until.isoformat() in page
    assert "412 instants" in viewer.get("/runs").text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("overlap", "the run before it had not ended"),
        ("holiday", "it is no working day"),
        ("holiday_merged", "merged with another instant of the same day"),
        ("paused", "its schedule was paused"),
        ("deadline", "it could not start in time"),
        ("off", "the task was off"),
        ("edited", "its schedule was changed"),
    ],
)
def test_a_skipped_instant_says_why(viewer: Browser, code: str, words: str) -> None:
    run = a_run(state=RunState.SKIPPED, reason_code=code)
    assert words in viewer.get(f"/runs/{run.id}").text
