"""Schedules declared in code are brought in when a scheduler starts."""

import os
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tasks.db import reading
from tasks.models import Run, Schedule
from tests.support.factories import a_task
from tests.support.probe import CHECKOUT
from tests.support.stack import Processes
from tests.support.waiting import wait_until

PLANS = """
from datetime import timedelta
from tasks.scheduling.declared import declared
SCHEDULES = [declared("often", task="a-report", every=timedelta(seconds=1))]
"""


def count(model: type[Run] | type[Schedule]) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def start_beats(processes: Processes, folder: Path, module: str) -> None:
    path = os.pathsep.join([str(CHECKOUT), str(folder)])
    environment = {"PYTHONPATH": path, "ORCHESTRATOR_CODE_SCHEDULES": module}
    for _ in range(2):
        processes.start("beat", environment=environment)


def test_two_schedulers_that_start_at_once_bring_in_each_schedule_once(
    processes: Processes, tmp_path: Path
) -> None:
    a_task()
    (tmp_path / "shop_plans.py").write_text(PLANS)
    start_beats(processes, tmp_path, "shop_plans")
    wait_until(lambda: count(Run), "an instant was fired")
    assert count(Schedule) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_module_that_cannot_be_read_does_not_stop_the_scheduler(
    processes: Processes, tmp_path: Path, database: str
) -> None:
    (tmp_path / "shop_plans.py").write_text("SCHEDULES = [unknown]\n")
    start_beats(processes, tmp_path, "shop_plans")
    log = Path(os.environ["ORCHESTRATOR_HOME_DIR"]) / "logs" / "taskorchestrator.log"
    wait_until(lambda: log.exists() and "not synced" in log.read_text(), "it says so")
    wait_until(lambda: "NameError" in log.read_text(), "it says why")
