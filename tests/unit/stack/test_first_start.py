"""What a new home folder is given, and that it is given once."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from tasks.accounts import authenticate
from tasks.db import reading, transaction
from tasks.kit.report import kit
from tasks.models import Role, Run, RunState, Schedule, Source, TaskDefinition, User
from tasks.settings import settings
from tasks.stack.first_start import give_login, seed_demo
from tests.support.factories import a_user

pytestmark = pytest.mark.usefixtures("sqlite_database")

SLUGS = [report.slug for report in kit()]


def slugs() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(TaskDefinition.slug).order_by(TaskDefinition.slug)))


def test_the_first_administrator_s_password_is_in_a_private_file(home: Path) -> None:
    assert give_login(home)
    file = home / "login.txt"
    login, password = (line.split(": ")[1] for line in file.read_text().splitlines())
    with transaction() as session:
        user = authenticate(session, login, password)
        assert user is not None
        assert user.role is Role.ADMIN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nobody_is_added_where_there_is_a_user(home: Path) -> None:
    a_user("ayse")
    assert not give_login(home)
    assert not (home / "login.txt").exists()
    with reading() as session:
        assert list(session.scalars(select(User.login))) == ["ayse"]


def test_a_login_whose_file_was_written_before_a_crash_is_made_again(home: Path) -> None:
    (home / "login.txt").write_text("login: admin\npassword: never committed\n")
    assert give_login(home)
    assert "never committed" not in (home / "login.txt").read_text()


def test_the_demo_brings_a_source_the_kit_a_schedule_and_one_promise(home: Path) -> None:
    first = seed_demo()
    assert slugs() == SLUGS
    assert first is not None
    with reading() as session:
        run = session.scalars(select(Run)).one()
        schedule = session.scalars(select(Schedule)).one()
        source = session.scalars(select(Source)).one()
        task = session.get_one(TaskDefinition, run.task_definition_id)
    assert run.state is RunState.QUEUED
    assert task.slug == "overdue-receivables"
    assert task.settings["recipients"]
    assert schedule.task_definition_id == task.id
    assert schedule.cron == "0 9 * * 1-5"
    assert schedule.next_due_at is not None
    assert schedule.next_due_at > run.queued_at
    assert source.settings == {"file": "demo.duckdb", "schema": "SBODEMOTR"}


def test_what_people_made_of_the_demo_stays(home: Path) -> None:
    seed_demo()
    with transaction() as session:
        session.execute(delete(Schedule))
        session.execute(delete(TaskDefinition).where(TaskDefinition.slug == "total-risk"))
    assert seed_demo() is None
    assert "total-risk" not in slugs()


def test_the_tasks_speak_the_language_of_the_installation(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_LANGUAGE", "tr")
    seed_demo()
    with reading() as session:
        tasks = session.scalars(select(TaskDefinition)).all()
    assert "Vadesi geçmiş alacaklar" in [task.title for task in tasks]
    assert {task.settings["language"] for task in tasks} == {"tr"}


def test_the_demo_writes_to_nobody_outside_of_the_domains(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_RECIPIENT_DOMAINS", "example.com")
    settings.cache_clear()
    assert seed_demo() is not None
    with reading() as session:
        kept = session.scalars(select(TaskDefinition.settings)).all()
    assert [one["recipients"] for one in kept] == [[]] * len(SLUGS)
