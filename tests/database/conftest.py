"""A broker for the tests that look at what it holds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.settings import settings
from tests.support.valkey import Valkey


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
