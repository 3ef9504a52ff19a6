"""`orchestrator beat`: Celery's beat with our scheduler, in this process."""

import click

from tasks import log
from tasks.cli.command import Command


@click.command("beat", cls=Command)
def cli() -> None:
    """Fire the schedules. Any number of these may run."""
    log.configure("celerybeat")
    from tasks.beat import DatabaseBeat

    DatabaseBeat().run()
