"""What all commands share."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tasks.cli.main import COMMANDS
from tests.unit.cli.conftest import Call


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_says_of_each_command_what_its_own_help_says(name: str) -> None:
    command = import_module(f"tasks.cli.{name.replace('-', '_')}").cli
    assert command.get_short_help_str(limit=200) == COMMANDS[name]


def test_the_help_loads_neither_the_database_nor_celery() -> None:
    code = (
        "import sys; from tasks.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('sqlalchemy', 'celery', 'pydantic') if name in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("before", [True, False])
def test_home_is_taken_before_and_after_the_name(
    before: bool, orchestrator: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_HOME_DIR", "unset")
    home = ["--home", str(tmp_path)]
    arguments = [*home, "user", "list"] if before else ["user", "list", *home]
    orchestrator(*arguments)
    assert os.environ["ORCHESTRATOR_HOME_DIR"] == str(tmp_path)


def test_an_unknown_command_is_bad_input(orchestrator: Call) -> None:
    assert orchestrator("fly").exit_code == 2


def test_an_error_meant_for_a_person_is_a_sentence_without_a_traceback(orchestrator: Call) -> None:
    result = orchestrator("show", "404")
    assert result.exit_code == 2
    assert result.stderr == "orchestrator: There is no run 404.\n"


def test_a_database_without_tables_gets_a_sentence(
    orchestrator: Call, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "orchestrator.sqlite").unlink()
    result = orchestrator("runs")
    assert result.exit_code == 1
    assert "no such table" in result.stderr
    assert "orchestrator migrate" in result.stderr


def test_a_wrong_setting_is_told_by_its_name(
    orchestrator: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tasks.settings import settings

    monkeypatch.setenv("ORCHESTRATOR_TIMEZONE", "Mars/Olympus")
    settings.cache_clear()
    result = orchestrator("runs")
    assert result.exit_code == 2
    assert "ORCHESTRATOR_TIMEZONE" in result.stderr
