"""A report split among 500 recipients, of 200 rows each, against bare smtplib with the same bytes.

`python -m tests.benchmarks recipients` prints a JSON line for each database. Ours is the whole way:
one query, a workbook a part, the run's end with its files and deliveries, and each mail sent with
its end recorded. Bare smtplib sends the very bytes that came, over one connection, and records
nothing.
"""

import json
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from sqlalchemy import func, select, update

from tasks.db import db_now, reading, transaction
from tasks.deliveries import deliver
from tasks.deliveries.claiming import lease
from tasks.models import Delivery, DeliveryState
from tasks.runs.perform import perform
from tasks.stack.ports import free_port
from tests.benchmarks.stage import DATABASES, Stage, stage
from tests.support.factories import a_run, a_source, a_task
from tests.support.waiting import wait_until

PARTS, ROWS = 500, 200
RATIO_BAR, SENDING_BAR = 0.05, 0.05
"""How many mails ours sends in the time of one of bare smtplib: the whole way, and sending only."""

COMPANY = f"""
SELECT 'Bölge ' || (range % {PARTS}) AS "Region", 'C' || lpad(range::VARCHAR, 8, '0') AS "Code",
    'Müşteri Ünvanı ' || range AS "Name", DATE '2026-01-01' + (range % 365)::INT AS "Due",
    (range * 1.37)::DECIMAL(18, 2) AS "Balance",
    'p' || (range % {PARTS}) || '@example.com' AS "Mail"
FROM range({PARTS * ROWS})"""


@dataclass(frozen=True, slots=True)
class Sink:
    """The server that both send to."""

    port: int
    folder: Path

    def mails(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds from the beginning of the run to its end, and of sending all of its mails."""

    making: float
    sending: float


def main() -> int:
    """Measure on each database; return the exit code."""
    kept = [_measure(database) for database in DATABASES]
    return 0 if all(kept) else 1


def _measure(database: str) -> bool:
    with _sink() as sink:
        os.environ["ORCHESTRATOR_SMTP_URL"] = f"smtp://127.0.0.1:{sink.port}"
        with stage(database) as here:
            ours = _ours(here)
        mails = sink.mails()
        bare = _bare(sink, mails)
    sending = bare / ours.sending
    whole = bare / (ours.making + ours.sending)
    ok = len(mails) == PARTS and whole >= RATIO_BAR and sending >= SENDING_BAR
    result = {
        "benchmark": "recipients",
        "database": database,
        "mails": len(mails),
        "kilobytes_a_mail": round(sum(map(len, mails)) / 1_000 / max(len(mails), 1), 1),
        "making_seconds": round(ours.making, 2),
        "sending_seconds": round(ours.sending, 2),
        "mails_a_second": round(PARTS / (ours.making + ours.sending), 1),
        "sent_a_second": round(PARTS / ours.sending, 1),
        "bare_smtplib_sent_a_second": round(PARTS / bare, 1),
        "ratio": round(whole, 2),
        "ratio_of_sending": round(sending, 2),
        "bar": {"ratio": RATIO_BAR, "ratio_of_sending": SENDING_BAR},
        "ok": ok,
    }
    print(json.dumps(result), flush=True)  # noqa: T201 (what a benchmark is for)
    return ok


def _ours(here: Stage) -> Took:
    with duckdb.connect(here.home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(f'CREATE TABLE SBODEMOTR."T" AS {COMPANY}')
    a_source()
    burst = {"column": "Region", "address_column": "Mail"}
    settings = {"sql": 'SELECT * FROM "T"', "formats": ["xlsx"], "burst": burst}
    run = a_run(a_task(settings=settings))
    began = time.monotonic()
    perform(run.id, worker="benchmark")
    made = time.monotonic()
    while (waiting := _next()) is not None:
        deliver(waiting)
    sent = time.monotonic()
    _check()
    return Took(made - began, sent - made)


def _next() -> int | None:
    """Return a delivery as the broker would name it: its message is on its way."""
    with transaction() as session:
        first = select(func.min(Delivery.id)).where(Delivery.state == DeliveryState.QUEUED)
        one = session.scalar(first)
        told = update(Delivery).where(Delivery.id == one).values(lease_until=db_now(lease()))
        session.execute(told, execution_options={"synchronize_session": False})
    return one


def _check() -> None:
    with reading() as session:
        ended = select(func.count()).where(Delivery.state == DeliveryState.DELIVERED)
        delivered = session.scalar(ended)
    if delivered != PARTS:
        raise RuntimeError(f"Only {delivered} of {PARTS} deliveries ended well.")


def _bare(sink: Sink, mails: list[bytes]) -> float:
    """Send the same bytes over one connection; return the seconds."""
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", sink.port) as line:
        for number, mail in enumerate(mails):
            line.sendmail("orchestrator@localhost", [f"p{number}@example.com"], mail)
    return time.monotonic() - began


@contextmanager
def _sink() -> Iterator[Sink]:
    with TemporaryDirectory(prefix="orchestrator-mails-") as folder:
        port = free_port()
        command = [sys.executable, "-m", "tests.benchmarks.mail_sink", str(port), folder]
        server = subprocess.Popen(command)
        try:
            wait_until(lambda: _answers(port), "the mail server", seconds=20)
            yield Sink(port, Path(folder))
        finally:
            server.terminate()
            server.wait(timeout=20)


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    sys.exit(main())
