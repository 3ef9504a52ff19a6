"""The broker of a soak."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.valkey import Valkey


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Valkey]:
    """A broker without persistence, that is killed now and again."""
    (tmp_path / "valkey").mkdir()
    server = Valkey(tmp_path / "valkey")
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", server.url)
    server.start()
    yield server
    server.stop()
