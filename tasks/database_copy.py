"""A whole copy of our own database as one file, taken while everything works on."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from tasks.errors import ErrorKind, JobError

Interrupting = Callable[[Callable[[], None]], AbstractContextManager[None]]

SQLITE_COPY = "application/vnd.sqlite3"
POSTGRES_COPY = "application/vnd.postgresql.dump"
WHOLE_DATABASE = frozenset({SQLITE_COPY, POSTGRES_COPY})
"""The kinds of files that hold everything, people and sessions too: for administrators only."""

PASSED_ON = ("PATH", "HOME", "LANG", "TZ")
"""What `pg_dump` sees of our environment, beside PostgreSQL's own variables: no secret of ours."""


def copy_sqlite(database: Path, into: Path, interrupting: Interrupting) -> None:
    """Write the database as it is at one moment, and check the copy; raises JobError."""
    _prepare(into)
    with _explained(), closing(sqlite3.connect(database, timeout=30)) as source:
        source.isolation_level = None
        with interrupting(source.interrupt):
            source.execute("VACUUM INTO ?", (str(into),))
    with _explained(), closing(sqlite3.connect(into)) as copy, interrupting(copy.interrupt):
        found = [row[0] for row in copy.execute("PRAGMA integrity_check")]
    if found != ["ok"]:
        raise JobError(
            "The copy is damaged ({why}), and so may be the database. Restore an older backup.",
            kind=ErrorKind.JOB,
            why=found[0],
        )


def copy_postgres(url: URL, into: Path) -> None:
    """Let `pg_dump` write the database as it is at one moment; raises JobError."""
    _prepare(into)
    program = shutil.which("pg_dump")
    if program is None:
        raise JobError(
            "The program pg_dump is not installed on the machine of the worker. Install "
            "PostgreSQL's client there, in the version of the server or a newer one.",
            kind=ErrorKind.JOB,
        )
    command = [program, "--format=custom", "--no-password", f"--file={into}", _place(url)]
    told = _run(command, _environment(url))
    if told is not None:
        raise JobError("pg_dump failed: {why}", kind=_kind(told), transient=_helps(told), why=told)


def _prepare(into: Path) -> None:
    """Leave an empty file there that nobody else on this machine can read."""
    into.unlink(missing_ok=True)  # of an attempt that was ended in the middle
    into.touch(mode=0o600)


def _place(url: URL) -> str:
    """Return the option that says where the database is, without a password."""
    query = {name: value for name, value in url.query.items() if name != "password"}
    place = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return f"--dbname={place.render_as_string()}"


def _run(command: list[str], environment: dict[str, str]) -> str | None:
    """Run a command to its end; returns the last line of what it said where it failed."""
    with subprocess.Popen(  # noqa: S603 (a program of the machine, and no word of a user's)
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as program:
        try:
            said = program.communicate()[1].decode("utf-8", "replace")
        except BaseException:  # an order to stop: it must not go on without us
            program.kill()
            raise
    if program.returncode == 0:
        return None
    return " ".join(said.split())[:500] or f"it ended with {program.returncode}"


def _environment(url: URL) -> dict[str, str]:
    """Return what the program may know: the password goes this way, a command everybody sees."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.startswith("PG")
    }
    password = url.password or url.query.get("password")
    secret = {"PGPASSWORD": str(password)} if password else {}
    return ours | {"LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"} | secret


def _kind(told: str) -> ErrorKind:
    if "No space left" in told:
        return ErrorKind.NO_SPACE
    unreachable = "connection to server" in told and "password" not in told
    return ErrorKind.SOURCE_UNREACHABLE if unreachable else ErrorKind.JOB


def _helps(told: str) -> bool:
    return _kind(told) is not ErrorKind.JOB


@contextmanager
def _explained() -> Iterator[None]:
    """Turn an error of SQLite into one for a person."""
    try:
        yield
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise JobError(
            "The database could not be copied ({why}).",
            kind=ErrorKind.NO_SPACE if full else ErrorKind.JOB,
            transient=full,
            why=error,
        ) from error
