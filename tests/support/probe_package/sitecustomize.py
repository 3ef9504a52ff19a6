"""Faults inside a process of the product, which Python loads before anything else.

`PROBE_CLOCK` names a file with seconds: the clock of this process is that much ahead, read anew
each time, so that it can be stepped. SQLite has no clock of its own, so its `strftime` goes along;
PostgreSQL keeps its own. `PROBE_CUT` names a file: while it is there, SQLite fails in this process.
`PROBE_HOST` is the name of the machine that this process believes to be on: a name space of its own
would need rights that not everybody has who runs these tests.
"""

import os
import socket
import sqlite3
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from sqlite3 import dbapi2
from typing import Any


def _shift_clock(file: Path) -> None:
    import tasks.clock

    real_time, real_now = time.time, tasks.clock.utcnow  # noqa: TID251 (it is what is shifted)

    def ahead() -> float:
        return float(file.read_text() or 0)

    def strftime(form: str, _now: str, plus: str) -> str:
        """Do what `db_now` asks of SQLite's function of this name."""
        at = tasks.clock.utcnow() + timedelta(seconds=float(plus.split()[0]))
        return at.strftime(form.replace("%f", "%S.")) + f"{at.microsecond // 1000:03d}"

    def prepare(connection: sqlite3.Connection) -> None:
        connection.create_function("strftime", 3, strftime)

    time.time = lambda: real_time() + ahead()  # noqa: TID251
    tasks.clock.utcnow = lambda: real_now() + timedelta(seconds=ahead())
    _at_each_connection(prepare)


def _cut_database(file: Path) -> None:
    log = file.with_suffix(".log")

    def cut() -> bool:
        if not file.exists():
            return False
        with log.open("a") as lines:
            lines.write("refused\n")
        return True

    def prepare(connection: sqlite3.Connection) -> None:
        connection.set_progress_handler(cut, 1)

    _at_each_connection(prepare)


def _at_each_connection(prepare: Callable[[sqlite3.Connection], None]) -> None:
    connect = dbapi2.connect

    def connected(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        prepare(connection)
        return connection

    dbapi2.__dict__["connect"] = connected


def _name_host(name: str) -> None:
    kernel = os.uname()
    named = os.uname_result((kernel.sysname, name, *kernel[2:]))
    os.uname = lambda: named
    socket.gethostname = lambda: name


if "PROBE_CLOCK" in os.environ:
    _shift_clock(Path(os.environ["PROBE_CLOCK"]))
if "PROBE_CUT" in os.environ:
    _cut_database(Path(os.environ["PROBE_CUT"]))
if "PROBE_HOST" in os.environ:
    _name_host(os.environ["PROBE_HOST"])
