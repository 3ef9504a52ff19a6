"""A part of the product that stands still where it is, as in a virtual machine that is paused."""

import os
import signal
import subprocess

from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.exc import OperationalError

Part = subprocess.Popen[bytes]

_WRITES = (
    "SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL "
    "AND datname = current_database() AND pid <> pg_backend_pid()"
)


def freeze(part: Part, url: str) -> None:
    """Stop a part and its children where they are, over the database at this URL.

    Not with a lock of the database in their hands, for which all others would wait.
    """
    os.killpg(part.pid, signal.SIGSTOP)
    while _somebody_writes(url):
        thaw(part)
        os.killpg(part.pid, signal.SIGSTOP)


def thaw(part: Part) -> None:
    os.killpg(part.pid, signal.SIGCONT)


def _somebody_writes(url: str) -> bool:
    """Whether somebody has a transaction open that has written something."""
    if url.startswith("sqlite"):
        return _is_locked(url)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.execute(text(_WRITES)).first() is not None


def _is_locked(url: str) -> bool:
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 0.2})
    with engine.connect() as connection:
        try:
            connection.execute(text("BEGIN IMMEDIATE"))
        except OperationalError:
            return True
        connection.rollback()
    return False
