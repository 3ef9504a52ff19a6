"""A database, a broker, a mail server and the processes of the product, all of them real."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tasks.demo.company import build
from tasks.settings import settings
from tests.support.mail import Mailbox, smtp_server
from tests.support.stack import QUICK, Processes
from tests.support.valkey import Valkey


@pytest.fixture(scope="session")
def demo_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company up to a fixed day."""
    path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    build(path, until=date(2026, 11, 20))
    return path


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """What the mail server of this test got."""
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        yield mailbox


@pytest.fixture
def own_valkey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A broker that this test may kill; not started yet."""
    (tmp_path / "valkey").mkdir()
    server = Valkey(tmp_path / "valkey")
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", server.url)
    yield server
    server.stop()


@pytest.fixture
def processes(
    home: Path, database: str, mailbox: Mailbox, own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Processes]:
    """Starts workers and beats over this test's database, with quick settings."""
    for name, value in QUICK.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ORCHESTRATOR_HOME_DIR", str(home))
    settings.cache_clear()
    own_valkey.start()
    started = Processes({})
    yield started
    started.stop()
