"""`orchestrator migrate`: bring our own database to the newest tables."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config

from tasks.cli.command import Command
from tasks.settings import settings

MIGRATIONS = Path(__file__).parents[2] / "migrations"


@click.command("migrate", cls=Command)
def cli() -> None:
    """Bring the database to the newest tables."""
    upgrade()
    click.echo("The database is up to date.")


def upgrade(revision: str = "head") -> None:
    """Run the migrations that the database of the settings has not seen yet."""
    settings().home_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(_config(), revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
