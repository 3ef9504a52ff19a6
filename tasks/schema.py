"""The tables of our own database: bringing them to what this version of the product needs."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from tasks.db import engine
from tasks.settings import settings

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def upgrade(revision: str = "head") -> None:
    """Run the migrations that the database of the settings has not seen yet."""
    settings().home_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(_config(), revision)


def is_current() -> bool:
    """Whether the database of the settings has seen every migration, and none that is unknown."""
    wanted = set(ScriptDirectory.from_config(_config()).get_heads())
    with engine().connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == wanted


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
