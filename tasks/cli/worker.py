"""`orchestrator worker`: one Celery worker in this process."""

import gc
import os
from importlib import import_module

import click

from tasks import log
from tasks.cli.command import Command
from tasks.settings import settings

SHARED = ("tasks.jobs.report", "tasks.sources.duckdb", "tasks.reports.render.xlsx")
"""What each child would load by itself for its first report: 21 MB, and a third of a second."""


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
    from tasks.jobs.packages import load_packages
    from tasks.runs.reaper import give_back_runs
    from tasks.runs.rehearsal import rehearse
    from tasks.worker import is_told_to_end

    # Not by way of Celery's own command line, whose terminal parts weigh 11 MB in each process.
    worker = app.Worker(
        hostname=f"worker-{os.getpid()}@{os.uname().nodename}",
        queues=queues,
        concurrency=slots or settings().worker_slots,
        pool_cls="prefork",
        loglevel=settings().log_level,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    # Else Celery asks its pool with each message, and at a stop the pool is gone before the last.
    worker.max_concurrency = worker.concurrency
    for module in SHARED:
        import_module(module)
    load_packages()  # here, where no order to stop can come in the middle of it
    rehearse()
    gc.freeze()  # the children share this memory until they write to it, as collecting would
    worker.start()
    give_back_runs(worker.hostname)  # its children are gone now
    gc.unfreeze()  # else DuckDB's module complains of what is never collected
    raise SystemExit(0 if is_told_to_end() else worker.exitcode)
