"""`orchestrator migrate`: bring our own database to the newest tables."""

import click

from tasks.cli.command import Command
from tasks.schema import upgrade


@click.command("migrate", cls=Command)
def cli() -> None:
    """Bring the database to the newest tables."""
    upgrade()
    click.echo("The database is up to date.")
