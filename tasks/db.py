"""Our own database: one engine a process, transactions, and the database's own clock."""

import math
import os
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    Connection,
    Engine,
    Float,
    create_engine,
    event,
    literal,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tasks.models.base import Base, UtcDateTime
from tasks.settings import settings

ModelT = TypeVar("ModelT", bound=Base)

PATIENCE = {
    "connect_timeout": 5,
    "tcp_user_timeout": 8_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
"""Without these a half-open line to PostgreSQL holds a heartbeat for a quarter of an hour."""

LOCK_SECONDS = 30
LOCK_LOOKS = (0.0005, 0.002)
"""Seconds between two looks whether SQLite's write lock is free."""

RESTED_SECONDS = 1.0
"""A connection that was not used for longer is asked whether it still lives."""

SILENT_SECONDS = 10
"""For longer a transaction cannot wait for its own process, unless that is cut off or frozen."""

EACH_FOR_ITSELF = {"isolation_level": "AUTOCOMMIT"}
"""Execution options of an engine whose connections need no transaction."""

IMMEDIATE = {"sqlite_begin": "BEGIN IMMEDIATE"}
"""Execution options of a connection that will write: it takes SQLite's write lock at the start."""


def make_engine(url: str) -> Engine:
    """Make an engine for SQLite (WAL, synchronous=FULL, waits 30 s for a lock) or PostgreSQL."""
    if url.startswith("sqlite"):
        engine = create_engine(url, pool_size=20, connect_args={"timeout": LOCK_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, pool_size=20, connect_args=PATIENCE)
        event.listen(engine, "connect", _prepare_postgresql)
        _ask_the_rested(engine)
    return engine


def _ask_the_rested(engine: Engine) -> None:
    """Replace a connection that died while it rested; one just used is not asked each time."""
    broken = engine.dialect.loaded_dbapi.Error

    def ask(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        rests_since = record.info.get("rests_since", math.inf)
        if time.monotonic() - rests_since < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except broken as error:
            raise DisconnectionError from error

    event.listen(engine, "checkout", ask)
    event.listen(engine, "checkin", _begin_to_rest)


def _begin_to_rest(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Let the server end a transaction whose owner fell silent: its locks hold up every host."""
    connection.autocommit = True
    connection.execute(f"SET idle_in_transaction_session_timeout = '{SILENT_SECONDS}s'")
    connection.execute(f"SET lock_timeout = '{SILENT_SECONDS}s'")
    connection.autocommit = False


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")  # NORMAL can lose a promised run at power loss
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    try:
        if begin == "BEGIN":
            driver.execute(begin)
        else:
            _wait_for_the_lock(driver, begin)
    except sqlite3.Error as error:  # SQLAlchemy does not wrap what a listener raises
        raise OperationalError(begin, None, error) from error


def _wait_for_the_lock(driver: sqlite3.Connection, begin: str) -> None:
    """Begin to write as soon as the writer before has ended.

    SQLite's own wait looks after 1, 2, 5, 10, 15 … ms, so writers that need a millisecond each
    would mostly sleep.
    """
    until = time.monotonic() + LOCK_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                driver.execute(begin)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(random.uniform(*LOCK_LOOKS))  # noqa: S311 (no secret)
            else:
                return
    finally:
        driver.execute(f"PRAGMA busy_timeout={LOCK_SECONDS * 1_000}")


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process."""
    return make_engine(settings().database)


def _forget_inherited_connections() -> None:
    if engine.cache_info().currsize:
        engine().dispose(close=False)


os.register_at_fork(after_in_child=_forget_inherited_connections)


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a writing transaction in a session of its own: commit on leaving, roll back on error."""
    with (
        engine().connect().execution_options(**IMMEDIATE) as connection,
        Session(connection, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Open a session that only reads.

    On PostgreSQL each statement stands for itself, as it would under READ COMMITTED, without a
    BEGIN and a ROLLBACK around it; on SQLite all of them see the same moment.
    """
    with Session(_reading_engine(), expire_on_commit=False) as session:
        yield session


def _reading_engine() -> Engine:
    own = engine()
    return own if own.dialect.name == "sqlite" else _each_for_itself(own)


@lru_cache(maxsize=1)
def _each_for_itself(own: Engine) -> Engine:
    return own.execution_options(**EACH_FOR_ITSELF)


def insert_once(session: Session, model: type[ModelT], values: dict[str, Any]) -> ModelT | None:
    """Insert a row unless one with the same unique key stands there; return it, or None."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model).values(**values).on_conflict_do_nothing().returning(model)
    options = {"populate_existing": True}
    return session.scalars(statement, execution_options=options).one_or_none()


def insert_or_lock(
    session: Session, model: type[ModelT], values: dict[str, Any], *, key: str, where: str
) -> ModelT:
    """Insert a row, or lock the one with the same `key` that a partial unique index holds.

    Return whichever it is; `where` is the index's condition.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(model)
        .values(**values)
        .on_conflict_do_update(
            index_elements=[key], index_where=text(where), set_={key: values[key]}
        )
        .returning(model)
    )
    found: ModelT = session.scalars(statement, execution_options={"populate_existing": True}).one()
    return found


def insert_new(
    session: Session,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    returning: Sequence[InstrumentedAttribute[Any]],
) -> Sequence[Any]:
    """Insert those rows that no row with the same unique key is in the way of; return these."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(model).on_conflict_do_nothing().returning(*returning)
    return session.execute(statement, list(rows)).all()


class db_now(FunctionElement[datetime]):  # noqa: N801 (reads as the SQL function it is)
    """The database's own present instant, moved by `plus`: a timedelta, or a parameter in seconds.

    PostgreSQL's is `clock_timestamp()`, SQLite's has milliseconds.
    """

    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, plus: timedelta | BindParameter[float] = timedelta()) -> None:
        super().__init__(
            literal(plus.total_seconds(), Float()) if isinstance(plus, timedelta) else plus
        )


@compiles(db_now, "sqlite")
def _sqlite_now(element: db_now, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', {seconds} || ' seconds') || '000')"


@compiles(db_now, "postgresql")
def _postgresql_now(element: db_now, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"(clock_timestamp() + make_interval(secs => {seconds}))"
