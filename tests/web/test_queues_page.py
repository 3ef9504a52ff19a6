"""The page of queues: what waits and works there, pausing, and the limits."""

from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import db_now, insert_once, reading, transaction
from tasks.models import Queue, RunState, Source, Worker
from tasks.queries.remembered import forget
from tests.support.factories import a_run, a_source, a_task
from tests.web.conftest import Browser
from tests.web.runs_support import PARTIAL


def a_worker(name: str = "worker-1", *, queues: list[str], slots: int = 2) -> None:
    row = {"name": name, "queues": queues, "slots": slots, "last_seen_at": db_now()}
    with transaction() as session:
        insert_once(session, Worker, row)


def a_queue(name: str = "default", **values: Any) -> None:
    with transaction() as session:
        session.add(Queue(name=name, **values))


def the_queue(name: str = "default") -> Queue | None:
    with reading() as session:
        return session.scalars(select(Queue).where(Queue.name == name)).one_or_none()


def row_of(page: str, name: str) -> str:
    """Return the words of a row of the page, one space between them."""
    row = page.split(f'id="{name}"')[1].split("</tr>")[0]
    return " ".join(row.split())


def test_every_queue_with_a_task_a_worker_a_row_or_work_is_listed(viewer: Browser) -> None:
    a_task(queue="of-a-task")
    a_worker(queues=["of-a-worker"])
    a_queue("of-a-row")
    a_run(queue="of-a-run")
    page = viewer.get("/queues").text
    for name in ("of-a-task", "of-a-worker", "of-a-row", "of-a-run"):
        assert f'id="queue-{name}"' in page


def test_a_queue_shows_what_runs_what_is_ready_and_what_waits_for_what(viewer: Browser) -> None:
    a_worker(queues=["default"], slots=3)
    a_run(state=RunState.RUNNING)
    for _ in range(2):
        a_run()
    a_run(reason_code="overlap")
    a_run(reason_code="retry")
    row = row_of(viewer.get("/queues").text, "queue-default")
    assert 'data-label="Running">1<' in row
    assert 'data-label="Ready">2<' in row
    assert '1 <span class="muted small">for the run before</span>' in row
    assert '1 <span class="muted small">for the next attempt</span>' in row
    assert "3 slots" in row
    assert "worker-1" in row


def test_counting_stops_at_a_limit_and_says_so(
    viewer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasks.queries.queues.MOST", 3)
    monkeypatch.setattr("webui.queues.views.MOST", 3)
    for _ in range(4):
        a_run()
        a_run(reason_code="overlap")
    row = row_of(viewer.get("/queues").text, "queue-default")
    assert 'data-label="Ready">2+<' in row
    assert "2+ <span" in row


def test_a_queue_without_a_worker_says_so(viewer: Browser) -> None:
    a_task()
    assert "No worker" in row_of(viewer.get("/queues").text, "queue-default")


def test_a_queue_is_paused_and_resumed(operator: Browser) -> None:
    a_task()
    answer = operator.submit("/queues/default/pause", page="/queues")
    assert (answer.status_code, answer.location) == (303, "/queues")
    queue = the_queue()
    assert queue is not None
    assert (queue.paused, queue.paused_by) == (True, "operator")
    assert "by operator" in row_of(operator.get("/queues").text, "queue-default")
    operator.submit("/queues/default/pause", page="/queues", _method="DELETE")
    queue = the_queue()
    assert queue is not None
    assert not queue.paused


def test_a_queue_that_nobody_knows_cannot_be_paused(operator: Browser) -> None:
    a_task()
    assert operator.submit("/queues/nowhere/pause", page="/queues").status_code == 404
    assert the_queue("nowhere") is None


def test_a_viewer_may_not_pause(viewer: Browser) -> None:
    a_task()
    assert "/queues/default/pause" not in viewer.get("/queues").text
    assert viewer.submit("/queues/default/pause", page="/queues").status_code == 403


def test_an_editor_sets_the_limit_of_a_queue_and_takes_it_away(editor: Browser) -> None:
    a_task()
    assert editor.submit("/queues/default/limit", max_running="3").status_code == 303
    queue = the_queue()
    assert queue is not None
    assert queue.max_running == 3
    assert 'value="3"' in editor.get("/queues/default/limit").text
    editor.submit("/queues/default/limit", max_running="")
    queue = the_queue()
    assert queue is not None
    assert queue.max_running is None


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "many", "99999999999999999999999"])
def test_a_limit_that_is_none_is_refused_beside_its_field(editor: Browser, limit: str) -> None:
    a_task()
    answer = editor.submit("/queues/default/limit", max_running=limit)
    assert answer.status_code == 422
    assert 'id="error-max_running"' in answer.text
    assert f'value="{limit}"' in answer.text
    assert the_queue() is None


def test_an_editor_sets_the_limit_of_a_source(editor: Browser) -> None:
    a_source()
    assert editor.submit("/queues/sources/demo/limit", max_running="2").status_code == 303
    with reading() as session:
        assert session.scalars(select(Source.max_running)).one() == 2
    a_run(state=RunState.RUNNING, source="demo")
    a_run(reason_code="source_busy", source="demo")
    row = row_of(editor.get("/queues").text, "source-demo")
    assert 'data-label="Running">1<' in row
    assert 'data-label="Waiting">1<' in row


@pytest.mark.parametrize("path", ["/queues/nowhere/limit", "/queues/sources/nowhere/limit"])
def test_the_limit_of_what_does_not_exist_is_not_found(editor: Browser, path: str) -> None:
    a_task()
    assert editor.get(path).status_code == 404
    assert editor.submit(path, page="/queues/default/limit", max_running="1").status_code == 404


@pytest.mark.parametrize("path", ["/queues/default/limit", "/queues/sources/demo/limit"])
def test_an_operator_may_not_set_limits(operator: Browser, path: str) -> None:
    a_task()
    a_source()
    assert operator.get(path).status_code == 403
    assert operator.submit(path, page="/queues", max_running="1").status_code == 403


def test_the_poll_is_silent_until_a_figure_changes(viewer: Browser) -> None:
    forget()
    a_run()
    since = viewer.get("/queues").text.split("since=")[1].split('"')[0]
    assert viewer.get(f"/queues?since={since}", headers=PARTIAL).status_code == 204
    a_run()
    forget()
    answer = viewer.get(f"/queues?since={since}", headers=PARTIAL)
    assert answer.status_code == 200
    assert "<html" not in answer.text
