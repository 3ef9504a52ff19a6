"""`orchestrator import-schedules`: what it says, what it does, and that a dry run does nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tasks.db import reading
from tasks.models import Schedule
from tests.support.factories import a_task
from tests.support.foreign_schedules import Foreign
from tests.unit.cli.conftest import Call

KIND = "django-celery-beat"
NINE = {"minute": "0", "hour": "9", "timezone": "Europe/Istanbul"}


@pytest.fixture
def theirs(sqlite_database: str, tmp_path: Path) -> Iterator[Foreign]:
    a_task()
    found = Foreign(KIND, sqlite_database, tmp_path)
    found.periodic("crontab", NINE, name="Daily", task="shop.old", queue="slow")
    found.periodic("crontab", NINE, name="Cleanup", task="celery.backend_cleanup")
    yield found
    found.close()


def schedules() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Schedule)) or 0


def test_it_says_what_it_took_what_not_and_why(orchestrator: Call, theirs: Foreign) -> None:
    command = ("import-schedules", "--from", KIND, theirs.url, "--task", "shop.old=a-report")
    assert orchestrator(*command).stdout.splitlines() == [
        "taken            1  Daily (shop.old) → a-report: At 09:00, every day, Europe/Istanbul. "
        "Its queue “slow” stays behind: the task has a queue",
        "not taken        2  Cleanup (celery.backend_cleanup). There is no task “backend-cleanup”. "
        "Make it, or name another one by --task celery.backend_cleanup=NAME.",
        "1 of 2 taken.",
    ]
    assert schedules() == 1
    again = orchestrator(*command).stdout.splitlines()
    assert again[0] == "taken before     1  Daily (shop.old). It is schedule 1"
    assert schedules() == 1


def test_a_dry_run_says_the_same_and_does_nothing(orchestrator: Call, theirs: Foreign) -> None:
    command = ("import-schedules", "--from", KIND, theirs.url, "--task", "Daily=a-report")
    said = orchestrator(*command, "--dry-run").stdout
    assert "→ a-report" in said
    assert said.endswith("1 of 2 would be taken.\n")
    found = json.loads(orchestrator(*command, "--dry-run", "--json").stdout)
    assert [one["fate"] for one in found["schedules"]] == ["taken", "not_taken"]
    assert found["schedules"][0]["schedule"] is None
    assert schedules() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        ("--from", "airflow", "sqlite:///x"),
        ("--from", KIND, "nonsense"),
        ("--from", KIND, "sqlite:////nowhere/x.sqlite"),
        ("--from", KIND, "sqlite://", "--task", "a"),
        ("--from", KIND, "sqlite://", "--naive-timezone", "Mars"),
    ],
)
def test_what_cannot_be_read_is_bad_input(orchestrator: Call, wrong: tuple[str, ...]) -> None:
    assert orchestrator("import-schedules", *wrong).exit_code == 2
