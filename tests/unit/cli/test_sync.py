"""`orchestrator sync`: what it says of the schedules that the code declares."""

import json
from pathlib import Path

import pytest

from tasks.settings import settings
from tests.support.factories import a_task
from tests.unit.cli.conftest import Call

HOURLY = "declared('hourly', task='a-report', cron='0 * * * *')"


def declare(folder: Path, monkeypatch: pytest.MonkeyPatch, module: str, entries: str) -> None:
    """Write a module of this name and let the settings name it."""
    text = f"from tasks.scheduling.declared import declared\nSCHEDULES = [{entries}]\n"
    (folder / f"{module}.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("ORCHESTRATOR_CODE_SCHEDULES", module)
    settings.cache_clear()


def test_it_says_what_became_of_each(
    orchestrator: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_task()
    declare(tmp_path, monkeypatch, "first_plans", HOURLY)
    assert orchestrator("sync").stdout == "added: hourly\n"
    assert orchestrator("sync").stdout == "unchanged: hourly\n"
    declare(tmp_path, monkeypatch, "later_plans", "")
    assert json.loads(orchestrator("sync", "--json").stdout) == {
        "added": [],
        "changed": [],
        "switched_on": [],
        "switched_off": ["hourly"],
        "unchanged": [],
    }


def test_a_wrong_entry_is_bad_input_and_named(
    orchestrator: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(tmp_path, monkeypatch, "wrong_plans", HOURLY)
    result = orchestrator("sync")
    assert result.exit_code == 2
    assert "“hourly”: There is no task “a-report”." in result.stderr


def test_without_a_module_it_says_which_setting_is_missing(orchestrator: Call) -> None:
    result = orchestrator("sync")
    assert (result.exit_code, "ORCHESTRATOR_CODE_SCHEDULES" in result.stderr) == (2, True)
