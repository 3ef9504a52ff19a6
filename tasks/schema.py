"""The tables of our own database: bringing them to what this version of the product needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from tasks.settings import settings

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def upgrade(revision: str = "head") -> None:
    """Run the migrations that the database of the settings has not seen yet."""
    settings().home_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(_config(), revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
