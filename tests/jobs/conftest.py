"""A server for the tests of jobs that call one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.settings import settings
from tests.support.collector import no_callbacks
from tests.support.web_server import WebServer, web_server

__all__ = ["no_callbacks"]
"""A fixture of these tests."""


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server that a task may call by the name `localhost`."""
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", "localhost")
    settings.cache_clear()
    with web_server() as running:
        yield running
