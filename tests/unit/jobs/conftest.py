"""A registry of its own for each test."""

from collections.abc import Iterator
from datetime import UTC, datetime
from logging import getLogger
from pathlib import Path

import pytest

from tasks.jobs import registry
from tasks.jobs.context import JobContext
from tasks.jobs.packages import load_packages


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in registry.BUILT_IN:  # a module registers its job once only
        registry.find_job(name)
    monkeypatch.setattr(registry, "_jobs", dict(registry._jobs))
    load_packages.cache_clear()
    yield
    load_packages.cache_clear()


@pytest.fixture
def context(tmp_path: Path) -> JobContext:
    """What a job is given that has nothing to stop for."""
    return JobContext(
        slug="a-task",
        title="A task",
        settings={},
        parameter_definitions=[],
        parameters={},
        scheduled_for=datetime(2026, 3, 16, 9, tzinfo=UTC),
        log=getLogger("tasks.run"),
        stopped=lambda: False,
        _folder=tmp_path / "folder",
    )
