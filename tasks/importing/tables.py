"""The tables of other schedulers for Celery, read and never written."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    create_engine,
    inspect,
    literal_column,
    select,
    table,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from tasks.errors import Invalid

Row = Mapping[str, Any]

PATIENCE = {"connect_timeout": 10}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a package keeps its periodic tasks, and by kind the schedules that they point to."""

    periodic: str
    schedules: Mapping[str, str]
    schema: str | None = None
    """Where its tables lie on a server; a file has them without one."""


def _named(pattern: str, *kinds: str) -> dict[str, str]:
    return {kind: pattern.format(kind) for kind in kinds}


LAYOUTS = {
    "django-celery-beat": Layout(
        "django_celery_beat_periodictask",
        _named("django_celery_beat_{}schedule", "crontab", "interval", "solar", "clocked"),
    ),
    "celery-sqlalchemy-scheduler": Layout(
        "celery_periodic_task",
        _named("celery_{}_schedule", "crontab", "interval", "solar"),
    ),
    "sqlalchemy-celery-beat": Layout(
        "celery_periodictask",
        _named("celery_{}schedule", "crontab", "interval", "solar", "clocked"),
        schema="celery_schema",
    ),
}


@dataclass(frozen=True, slots=True)
class Periodic:
    """A periodic task: its row, the kind of its schedule and that one's row; None without one."""

    row: Row
    kind: str | None
    schedule: Row | None


def read_periodic(package: str, url: str) -> list[Periodic]:
    """Read the periodic tasks that a package keeps at this URL; raises Invalid."""
    layout = LAYOUTS[package]
    try:
        with _reading(url) as connection:
            return _read(connection, layout)
    except DBAPIError as error:
        raise Invalid("The other database cannot be read: {why}", why=error.orig) from error


def _read(connection: Connection, layout: Layout) -> list[Periodic]:
    schemas = (layout.schema, None) if layout.schema else (None,)
    inspector = inspect(connection)
    for schema in schemas:
        if not inspector.has_table(layout.periodic, schema=schema):
            continue
        schedules = {
            kind: {row["id"]: row for row in _rows(connection, name, schema)}
            for kind, name in layout.schedules.items()
            if inspector.has_table(name, schema=schema)  # an older version may lack a kind
        }
        found = _rows(connection, layout.periodic, schema)
        return [_periodic(row, schedules) for row in sorted(found, key=lambda row: row["id"])]
    raise Invalid(
        "There is no table {name} at this address. Is it the right database, and the right kind?",
        name=layout.periodic,
    )


def _rows(connection: Connection, name: str, schema: str | None) -> list[Row]:
    everything: Select[Any] = select(literal_column("*")).select_from(table(name, schema=schema))
    return [dict(row) for row in connection.execute(everything).mappings()]


def _periodic(row: Row, schedules: Mapping[str, Mapping[int, Row]]) -> Periodic:
    """Join a row with its schedule: by a column for each kind, or by a kind and a number."""
    kind = str(row.get("discriminator") or "").removesuffix("schedule")
    if kind:
        return Periodic(row, kind, schedules.get(kind, {}).get(row["schedule_id"]))
    for kind, rows in schedules.items():
        if (number := row.get(f"{kind}_id")) is not None:
            return Periodic(row, kind, rows.get(number))
    return Periodic(row, None, None)


@contextmanager
def _reading(url: str) -> Iterator[Connection]:
    """Open a connection that cannot write; a file that is not there is not made."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection.execution_options(postgresql_readonly=True)
            yield connection
    finally:
        engine.dispose()


def _engine(text: str) -> Engine:
    try:
        url = make_url(text)
        if url.get_backend_name() == "sqlite":
            return _file(url)
        if url.drivername in ("postgres", "postgresql"):
            return create_engine(url.set(drivername="postgresql+psycopg"), connect_args=PATIENCE)
        return create_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise Invalid(
            "This is no address of a database that can be read ({why}). Give one such as "
            "postgresql://user:password@host/name or sqlite:////path/to/file.",
            why=error,
        ) from error


def _file(url: URL) -> Engine:
    path = Path(url.database or "").absolute()

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)

    return create_engine("sqlite://", creator=connect, poolclass=StaticPool)
