"""`orchestrator beat`: Celery's beat with our scheduler, in this process."""

import click

from tasks import log
from tasks.cli.command import Command
from tasks.settings import settings


@click.command("beat", cls=Command)
def cli() -> None:
    """Fire the schedules. Any number of these may run."""
    log.configure("celerybeat")
    from tasks.celery_app import app

    app.Beat(
        scheduler_cls="tasks.beat:DatabaseScheduler",
        loglevel=settings().log_level,
        quiet=True,
    ).run()
