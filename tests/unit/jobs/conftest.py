"""A registry of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.jobs import registry
from tasks.jobs.context import JobContext
from tasks.jobs.packages import load_packages
from tests.support.jobs import a_context


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
    return a_context(tmp_path / "folder")
