"""Whatever a run waits for, it can be cancelled, and nothing brings it back."""

from datetime import timedelta

import pytest

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Run, RunState
from tasks.runs.holds import settle
from tasks.runs.transitions import claim, request_cancel
from tests.support.factories import a_run

CODES = (
    None, "retry", "overlap", "queue_paused", "task_busy", "queue_busy", "source_busy",
    "quiet_hours", "disk",
)  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_a_run_is_cancelled_at_once_whatever_it_waits_for(database: str, code: str | None) -> None:
    until = utcnow() + timedelta(hours=1) if code == "retry" else None
    run = a_run(reason_code=code, reason="It waits." if code else "", next_attempt_at=until)
    with transaction() as session:
        request_cancel(session, run.id, actor="ayse", now=utcnow())
    settle()
    with reading() as session:
        kept = session.get_one(Run, run.id)
    assert (kept.state, kept.reason) == (RunState.CANCELLED, "Cancelled by ayse.")
    assert (kept.reason_code, kept.next_attempt_at) == (None, None)
    assert kept.finished_at is not None
    with transaction() as session:
        assert claim(session, run.id, owner="worker", lease=timedelta(seconds=20)) is None
