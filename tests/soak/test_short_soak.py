"""The short form of the soak, on both databases; `make soak` runs the long one."""

import os
import secrets
from pathlib import Path

import pytest

from tasks.settings import settings
from tests.soak.plan import a_plan
from tests.soak.soak import SETTINGS, soak
from tests.support.valkey import Valkey

RUNS = 500
SECONDS = 40


def test_each_promised_run_ends_once_and_truthfully_while_everything_is_killed(
    home: Path, database: str, broker: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    seed = int(os.environ.get("SOAK_SEED", secrets.randbelow(1_000_000)))
    summary = soak(a_plan(RUNS, seed=seed, seconds=SECONDS), home, broker)
    assert summary.violations == [], summary
    assert sum(summary.states.values()) == RUNS
    assert sum(summary.faults.values()) >= SECONDS // 5 - 1
