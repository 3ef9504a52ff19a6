"""`orchestrator doctor` over parts that run, and over the same when they are gone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.factories import a_source, a_task
from tests.support.probe import CHECKOUT
from tests.support.stack import Processes
from tests.support.valkey import Valkey

ALL = {
    "migrations", "database", "broker", "workers", "scheduler", "disk", "clock", "jobs", "queues",
    "source demo", "mail",
}  # fmt: skip


def doctor() -> tuple[int, dict[str, dict[str, object]]]:
    done = subprocess.run(
        [sys.executable, "-m", "tasks.cli.main", "doctor", "--json"],
        cwd=CHECKOUT,
        capture_output=True,
        timeout=120,
    )
    return done.returncode, {check["check"]: check for check in json.loads(done.stdout)}


def ailing(checks: dict[str, dict[str, object]]) -> set[str]:
    return {name for name, check in checks.items() if not check["ok"]}


def test_everything_that_runs_is_well(processes: Processes, home: Path, demo_company: Path) -> None:
    shutil.copy(demo_company, home / "demo.duckdb")
    a_source()
    a_task()
    processes.worker()
    processes.beat()
    code, checks = doctor()
    assert (code, ailing(checks), set(checks)) == (0, set(), ALL)
    assert all(set(check) == {"check", "ok", "message", "cure"} for check in checks.values())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_gone_fails_with_a_cure(
    processes: Processes, own_valkey: Valkey, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    a_source()
    a_task(job="gone", queue="slow")
    own_valkey.kill()
    monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", "smtp://127.0.0.1:1")
    code, checks = doctor()
    assert code == 1
    assert ailing(checks) == ALL - {"migrations", "database", "disk", "clock"}
    assert all(checks[name]["cure"] for name in ailing(checks))
    assert checks["jobs"]["message"] == (
        "Jobs that tasks want and nobody has installed: gone (a-report)."
    )
    assert "--queues slow" in str(checks["queues"]["cure"])
