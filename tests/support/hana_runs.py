"""Runs of reports that read a HANA, and what they leave behind."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from tasks.db import reading
from tasks.models import Artifact, Attempt, Delivery, Run, TaskDefinition
from tasks.runs.files import artifact_path
from tasks.runs.perform import perform
from tasks.settings import settings
from tests.support.factories import a_task
from tests.support.rows import now
from tests.support.waiting import wait_until

BOSS = "boss@example.com"


@dataclass(frozen=True, slots=True)
class Left:
    """What the attempts of a run left behind, but for their logs."""

    files: Sequence[Path]
    """Every file in the folder of artifacts, whether anything tells of it or not."""
    artifacts: Sequence[Artifact]
    deliveries: int
    attempts: Sequence[Attempt]

    @property
    def is_nothing(self) -> bool:
        """Whether there is no file, whole or half, and nothing to mail."""
        return not self.files and not self.artifacts and self.deliveries == 0


def a_hana_report(sql: str, *, formats: Sequence[str] = ("xlsx", "csv"), **columns: Any) -> Any:
    """Save a task that reads the source `hana` and would mail what it makes."""
    wanted = {"source": "hana", "sql": sql, "formats": list(formats), "recipients": [BOSS]}
    task: TaskDefinition = a_task(settings=wanted, **columns)
    return task


def attempted(run: Run) -> Run:
    """Make one attempt of the run in this process; returns the run as it is then."""
    perform(run.id, worker="worker:1")
    return now(run)


def left_by(run: Run) -> Left:
    """What the run left behind."""
    with reading() as session:
        artifacts = session.scalars(select(Artifact).where(Artifact.run_id == run.id)).all()
        attempts = session.scalars(select(Attempt).where(Attempt.run_id == run.id)).all()
        counted = select(func.count()).select_from(Delivery).where(Delivery.run_id == run.id)
        deliveries = session.scalar(counted) or 0
    files = [path for path in settings().artifacts_dir.rglob("*") if path.is_file()]
    return Left(files, artifacts, deliveries, attempts)


def file_of(run: Run, suffix: str) -> Path:
    """The only file of a run that has this suffix."""
    [found] = [one for one in left_by(run).artifacts if one.name.endswith(suffix)]
    return artifact_path(found)


@contextmanager
def meanwhile(when: Callable[[], object], then: Callable[[], object]) -> Iterator[None]:
    """While the block runs, do `then` as soon as `when` is true."""

    def act() -> None:
        wait_until(when, "it is time to act")
        then()

    thread = threading.Thread(target=act)
    thread.start()
    try:
        yield
    finally:
        thread.join()
