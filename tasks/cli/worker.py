"""`orchestrator worker`: one Celery worker in this process."""

import os

import click

from tasks import log
from tasks.cli.command import Command
from tasks.settings import settings


@click.command("worker", cls=Command)
@click.option("--queues", default="default", show_default=True, help="Names, with commas between.")
@click.option("--slots", type=click.IntRange(min=1), help="Runs at the same time.")
def cli(queues: str, slots: int | None) -> None:
    """Run what is due.

    A stop by SIGTERM lets runs that are at work end, within the soft shutdown's window.
    """
    os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")  # Celery reads it while it is imported
    log.configure("celery")
    from tasks.celery_app import app

    app.worker_main(
        [
            "--quiet",
            "worker",
            f"--queues={queues}",
            f"--concurrency={slots or settings().worker_slots}",
            "--pool=prefork",
            f"--hostname=worker-{os.getpid()}@%h",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )
