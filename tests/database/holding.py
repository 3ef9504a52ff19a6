"""Runs that start, end and wait."""

from typing import Any

from sqlalchemy import update

from tasks.db import transaction
from tasks.models import Run, RunState, Source
from tasks.runs.claiming import take
from tasks.runs.ending import end_attempt
from tasks.runs.outcome import Outcome
from tests.support.rows import now


def start(run: Run) -> str:
    """Claim a run as a worker does; returns its state, or the code of what it waits for."""
    take(run.id, "worker:1")
    return now(run).reason_code or now(run).state


def end(run: Run) -> None:
    with transaction() as session:
        outcome = Outcome(RunState.SUCCEEDED)
        assert end_attempt(session, run.id, 1, outcome, actor="worker:1") is not None


def ready(*runs: Run) -> list[bool]:
    return [now(run).reason_code is None for run in runs]


def change(source: Source, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Source).where(Source.id == source.id).values(values))
