"""A job and a raw Celery task that do nothing but write down when their first line ran."""

import os
import sys
import time
from pathlib import Path

from celery import Celery

from tasks.cli.main import main as orchestrator
from tasks.db import transaction
from tasks.jobs.registry import JobContext, JobResult, job
from tasks.models import TaskDefinition

RAW_QUEUE = "raw"


@job("stamp")
def stamp_job(_context: JobContext) -> JobResult:
    """Write down the instant."""
    stamp()
    return JobResult()


def stamp() -> None:
    """Append this instant of the machine's clock to the file of stamps, in nanoseconds."""
    file = os.open(os.environ["BENCHMARK_STAMPS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, b"%d\n" % time.monotonic_ns())
    os.close(file)


def stamps() -> list[int]:
    """Return all instants that were written down."""
    path = Path(os.environ["BENCHMARK_STAMPS"])
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def a_stamp_task() -> TaskDefinition:
    """Save a task that does this job."""
    with transaction() as session:
        task = TaskDefinition(slug="stamp", title="Stamp", job="stamp")
        session.add(task)
    return task


def raw_celery() -> Celery:
    """Celery as its documentation shows it, without a result."""
    app = Celery("raw", broker=os.environ["ORCHESTRATOR_BROKER_URL"])
    app.conf.update(task_ignore_result=True, task_default_queue=RAW_QUEUE)
    app.task(name="raw.stamp")(stamp)
    return app


LIKE_OURS = (
    "task_acks_late",
    "worker_prefetch_multiplier",
    "worker_disable_prefetch",
    "worker_max_tasks_per_child",
    "worker_send_task_events",
    "worker_enable_remote_control",
    "accept_content",
    "task_default_priority",
    "broker_transport_options",
)
"""Celery's settings that cost time, or save it."""


def raw_celery_like_ours() -> Celery:
    """The same with our settings of Celery."""
    from tasks.celery_app import app as ours

    app = raw_celery()
    app.conf.update({name: ours.conf[name] for name in LIKE_OURS})
    return app


def main(kind: str) -> None:
    """Serve as a worker with two slots: `ours`, `raw`, or `raw_like_ours`."""
    if kind == "ours":
        orchestrator(["worker", "--slots=2"])
        return
    app = raw_celery() if kind == "raw" else raw_celery_like_ours()
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    app.worker_main(
        ["--quiet", "worker", "--concurrency=2", "--loglevel=WARNING"]
        + ([] if kind == "raw" else [*quiet, f"--hostname=raw-{os.getpid()}@benchmark"])
    )


if __name__ == "__main__":
    main(sys.argv[1])
