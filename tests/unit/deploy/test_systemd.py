"""The systemd units: accepted by systemd itself, restarted always, drained on a stop."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tasks.celery_app import app

UNITS = Path(__file__).parents[3] / "deploy" / "systemd"
INSTALLED = "/opt/task-orchestrator"
SERVICES = sorted(UNITS.glob("*.service"))


def value(unit: Path, name: str) -> str:
    found = re.findall(rf"^{name}=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
    assert len(found) == 1, f"{unit.name} has {len(found)} lines {name}="
    return str(found[0])


def test_there_is_a_unit_for_each_part() -> None:
    names = [unit.name for unit in SERVICES]
    assert names == [f"task-orchestrator-{part}.service" for part in ("beat", "web", "worker")]


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    assert program, "systemd-analyze is missing; on Debian: apt install systemd"
    command = tmp_path / "installed" / ".venv" / "bin" / "orchestrator"
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    copies = []
    for unit in UNITS.iterdir():
        text = unit.read_text("utf-8").replace(INSTALLED, str(tmp_path / "installed"))
        copies.append(tmp_path / unit.name)
        copies[-1].write_text(text, "utf-8")
    verified = subprocess.run(
        [program, "--man=no", "verify", *map(str, copies)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert verified.stdout + verified.stderr == ""
    assert verified.returncode == 0


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_part_that_dies_is_started_again_after_ten_seconds(unit: Path) -> None:
    assert value(unit, "Restart") == "always"
    assert value(unit, "RestartSec") == "10"


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_a_stop_tells_the_parent_alone(unit: Path) -> None:
    assert value(unit, "KillMode") == "mixed"


def test_a_worker_has_longer_to_stop_than_its_soft_shutdown_takes() -> None:
    worker = UNITS / "task-orchestrator-worker.service"
    assert "Environment=REMAP_SIGTERM=SIGQUIT" in worker.read_text("utf-8")
    assert int(value(worker, "TimeoutStopSec")) > app.conf.worker_soft_shutdown_timeout
