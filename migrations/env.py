"""Alembic's environment: the same for `orchestrator migrate` and for Flask-Migrate."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Enum, text

from tasks.db import IMMEDIATE, make_engine
from tasks.models import Base
from tasks.models.base import UtcDateTime
from tasks.settings import settings

LOCK_KEY = 7_205_001
"""One number for all who migrate the same PostgreSQL at the same time."""


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our column types as SQLAlchemy's own, so that a migration outlives our models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def run_online() -> None:
    """Migrate the database of the settings, or the one that the caller's options name."""
    engine = make_engine(context.config.get_main_option("sqlalchemy.url") or settings().database)
    try:
        with engine.connect().execution_options(**IMMEDIATE) as connection:
            _leave_foreign_keys_alone(connection)
            migrate(connection)
    finally:
        engine.dispose()


def migrate(connection: Connection) -> None:
    """Run all migrations in one transaction, alone: two that start together run one by one."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        render_item=render_item,
    )
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        with context.begin_transaction():
            context.run_migrations()
        _check_foreign_keys(connection)


def _leave_foreign_keys_alone(connection: Connection) -> None:
    """SQLite changes a table by dropping it, which would delete what points at it."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute("PRAGMA foreign_keys=OFF")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"The migration left rows that point at nothing: {broken[:5]}")


def run_offline() -> None:
    """Print the SQL instead of running it."""
    context.configure(url=settings().database, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
