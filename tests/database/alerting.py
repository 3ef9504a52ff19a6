"""Alerts that are told, and their mails."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import select, update

from tasks.alerts import raise_alert
from tasks.db import db_now, engine, reading, transaction
from tasks.models import AlertKind, AlertMail, Run
from tasks.settings import settings
from tests.support.factories import a_run, a_task

BOSS, AYSE, BULENT = "boss@example.com", "ayse@example.com", "bulent@example.com"
Found = TypeVar("Found")


def mail_through(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
    settings.cache_clear()


def tell(key: str = "now", *recipients: str, run: Run | None = None) -> bool:
    with transaction() as session:
        return raise_alert(
            session,
            AlertKind.SCHEDULER_SILENT,
            key=key,
            template="It is {what}.",
            values={"what": "late"},
            run=run,
            recipients=list(recipients),
        )


def tell_apart(key: str, *recipients: str) -> None:
    """Tell it of a task of its own, so that it is mailed by itself."""
    tell(key, *recipients, run=a_run(a_task(key)))


def the_mail() -> AlertMail:
    with reading() as session:
        return session.scalars(select(AlertMail)).one()


def let_time_pass() -> None:
    """Let the wait of the alert, or the time its sender has, be over."""
    with transaction() as session:
        session.execute(update(AlertMail).values(next_try_at=db_now(-timedelta(seconds=1))))


def in_threads(number: int, act: Callable[[], Found]) -> list[Found]:
    """Do it as often at the same moment."""
    engine()  # the one of this process, which else each thread would make for itself
    start = threading.Barrier(number)

    def one(_: int) -> Found:
        start.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))
