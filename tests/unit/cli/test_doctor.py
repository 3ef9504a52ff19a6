"""`orchestrator doctor` without a database that it could ask."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.db import engine
from tasks.doctor import examine
from tasks.settings import settings
from tests.unit.cli.conftest import Call

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"


@pytest.fixture(autouse=True)
def _nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", "smtp://127.0.0.1:1")


def test_without_a_database_the_other_parts_are_checked_all_the_same(
    orchestrator: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_DATABASE_URL", NOWHERE)
    settings.cache_clear()
    engine.cache_clear()
    result = orchestrator("doctor", "--json")
    checks = {check["check"]: check["ok"] for check in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert checks == {"database": False, "broker": False, "disk": True, "mail": False}


def test_tables_of_another_version_are_told(orchestrator: Call, home: Path) -> None:
    (home / "orchestrator.sqlite").unlink()
    result = orchestrator("doctor")
    assert "Run “orchestrator migrate”" in result.stdout
    assert result.exit_code == 1


@pytest.mark.usefixtures("sqlite_database")
def test_a_clock_that_is_wrong_is_told() -> None:
    long_ago = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    (clock,) = [check for check in examine(now=long_ago) if check.check == "clock"]
    assert not clock.ok
    assert "apart" in clock.message
