"""What several tests of the database share: a broker, a mailbox, a PostgreSQL to read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from tasks.settings import settings
from tests.database.alerting import BOSS, mail_through
from tests.database.postgresql_place import PASSWORD, USER, Place
from tests.support.collector import no_callbacks
from tests.support.mail import Mailbox, smtp_server
from tests.support.proxy import Proxy
from tests.support.valkey import Valkey

__all__ = ["no_callbacks"]
"""A fixture of these tests."""


@pytest.fixture
def broker(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A broker of this test's own, which runs and keeps nothing over a restart."""
    (tmp_path / "valkey").mkdir()
    server = Valkey(tmp_path / "valkey")
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", server.url)
    settings.cache_clear()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mailbox(home: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """What the mail server of this test got."""
    with smtp_server() as (url, mailbox):
        mail_through(monkeypatch, url)
        yield mailbox


@pytest.fixture
def boss(monkeypatch: pytest.MonkeyPatch) -> str:
    """The installation has an address that is told of everything."""
    monkeypatch.setenv("ORCHESTRATOR_ALERT_MAIL", BOSS)
    settings.cache_clear()
    return BOSS


@pytest.fixture
def place(postgres_database: str) -> Iterator[Place]:
    """A database with a table of each kind, and a user who may read it and has a password."""
    url = make_url(postgres_database)
    folder, name = str(url.query["host"]), url.database or ""
    with psycopg.connect(host=folder, dbname=name, user=url.username, autocommit=True) as owner:
        _ask_for_passwords(owner)
        owner.execute("CREATE SCHEMA company")
        owner.execute("CREATE TABLE company.item (code text, stock numeric(12, 3), seen date)")
        owner.execute(
            "INSERT INTO company.item SELECT 'I' || n, n / 2.0, '2026-03-16'"
            " FROM generate_series(1, 12000) n"
        )
        owner.execute(f"GRANT USAGE ON SCHEMA company TO {USER}")
        owner.execute(f"GRANT SELECT ON company.item TO {USER}")
        proxy = Proxy(f"{folder}/.s.PGSQL.{url.port or 5432}")
        yield Place(proxy, name, owner)
        proxy.stop()
        owner.execute(f"DROP OWNED BY {USER}")
        owner.execute(f"DROP ROLE {USER}")


def _ask_for_passwords(owner: psycopg.Connection[Any]) -> None:
    """Let the server ask this user for a password, where it trusts everybody else."""
    owner.execute("SET password_encryption = 'scram-sha-256'")
    owner.execute(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
    [file] = owner.execute("SHOW hba_file").fetchone() or [""]
    rules, line = Path(file), f"local all {USER} scram-sha-256\n"
    if line not in (before := rules.read_text()):
        rules.write_text(line + before)
        owner.execute("SELECT pg_reload_conf()")
