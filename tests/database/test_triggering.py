"""What a message of another application may promise, on both databases."""

import logging
import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select, text

from tasks.db import engine, reading
from tasks.models import Run, Trigger
from tasks.settings import settings
from tasks.triggering import trigger
from tests.support.factories import a_task
from tests.support.ports import own_port

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
TOKEN = "a token for other applications"
DAY = {"name": "day", "type": "date"}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    monkeypatch.setenv("ORCHESTRATOR_TRIGGER_TOKEN", TOKEN)
    monkeypatch.setenv("ORCHESTRATOR_TRIGGER_TASKS", "a-report, other-report")
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", f"redis://127.0.0.1:{own_port()}/0")
    settings.cache_clear()


def ask(message_id: object = "m1", **message: object) -> Run | None:
    asked = {"task": "a-report", "token": TOKEN} | message
    return trigger(asked, message_id=message_id, now=NOW)


def promised() -> list[Run]:
    with reading() as session:
        return list(session.scalars(select(Run).order_by(Run.id)).all())


def test_a_message_with_the_token_promises_a_run() -> None:
    a_task(parameters=[DAY])
    run = ask(parameters={"day": "today"})
    assert run is not None
    assert (run.trigger, run.triggered_by) == (Trigger.CODE, "celery")
    assert run.parameters == {"day": "today"}
    assert run.scheduled_for == NOW


def test_a_number_is_given_with_a_point_only(caplog: pytest.LogCaptureFixture) -> None:
    a_task(parameters=[{"name": "limit", "type": "decimal"}])
    assert ask("m1", parameters={"limit": "1,000"}) is None
    assert "such as 1234.5" in vars(caplog.records[-1])["why"]
    given = [ask("m2", parameters={"limit": "1000.50"}), ask("m3", parameters={"limit": 0.5})]
    assert [run and run.parameters["limit"] for run in given] == ["1000.5", "0.5"]


def test_the_same_key_or_the_same_message_promises_once() -> None:
    a_task()
    by_key = [ask("m1", request_key="invoice 7"), ask("m2", request_key="invoice 7")]
    by_message = [ask("m3"), ask("m3"), ask("m4")]
    ids = [run.id for run in (*by_key, *by_message) if run]
    assert ids[0] == ids[1]
    assert ids[2] == ids[3]
    assert len(set(ids)) == len(promised()) == 3


def test_the_same_key_with_other_content_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    a_task(parameters=[DAY])
    ask(request_key="k", parameters={"day": "today"})
    assert ask(request_key="k", parameters={"day": "2026-01-01"}) is None
    assert "made before with other content" in caplog.records[-1].__dict__["why"]
    assert len(promised()) == 1


HOSTILE: list[dict[str, object]] = [
    {"token": "wrong"},
    {"token": TOKEN + " "},
    {"token": None},
    {"token": [TOKEN]},
    {"token": {"a": TOKEN}},
    {"token": 7},
    {"token": "\ud800"},
    {"task": "hidden-report"},
    {"task": "other-report"},
    {"task": None},
    {"task": ["a-report"]},
    {"task": "x" * 10_000},
    {"task": "a-report\x00"},
    {"parameters": "all"},
    {"parameters": ["day"]},
    {"parameters": {"day": "today"}},
    {"parameters": {"name": "x" * 5_000}},
    {"parameters": {str(number): 1 for number in range(1_000)}},
    {"parameters": {"x" * 200: "today"}},
    {"parameters": {"name": ["today"]}},
    {"parameters": {"name": {"deep": {"deeper": 1}}}},
    {"parameters": {"name": "\x00"}},
    {"parameters": {"name": "\ud83d"}},
    {"parameters": {"name": 2**70}},
    {"request_key": ""},
    {"request_key": 7},
    {"request_key": "k" * 500},
    {"request_key": "\x00"},
    {"scheduled_for": "2026-01-01"},
    {"self": 1, "now": 2},
]


@pytest.mark.parametrize("message", HOSTILE, ids=lambda message: ascii(message)[:40])
def test_any_other_message_is_refused_in_one_line_without_the_token(
    message: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    a_task(parameters=[{"name": "name", "required": False}])
    a_task("hidden-report")
    assert ask(**message) is None
    assert promised() == []
    (record,) = [one for one in caplog.records if one.name == "tasks.triggering"]
    assert record.levelno == logging.WARNING
    assert TOKEN not in str(vars(record))
    assert len(str(record.__dict__["why"])) <= 300
    assert "Value error" not in str(record.__dict__["why"])


def test_without_a_token_of_ours_every_message_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    a_task()
    monkeypatch.setenv("ORCHESTRATOR_TRIGGER_TOKEN", "")
    settings.cache_clear()
    assert ask(token="") is None
    assert ask() is None


def test_without_a_list_of_tasks_none_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    a_task()
    monkeypatch.setenv("ORCHESTRATOR_TRIGGER_TASKS", "")
    settings.cache_clear()
    assert ask() is None
    assert ask(task="") is None


@pytest.mark.parametrize("message_id", [None, 7, "", "m" * 200])
def test_a_message_that_nothing_identifies_is_refused(message_id: object) -> None:
    a_task()
    assert ask(message_id) is None
    assert ask(message_id, request_key="k") is not None


def test_a_task_that_is_off_is_not_run(caplog: pytest.LogCaptureFixture) -> None:
    a_task(is_active=False)
    assert ask() is None
    assert "is off" in caplog.records[-1].__dict__["why"]


def rename(table: str, other: str) -> None:
    with engine().begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {other}"))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_message_waits_while_the_database_is_away(database: str) -> None:
    a_task()
    rename("task_definition", "away")
    failed, promised_runs = threading.Event(), list[Run | None]()
    event.listen(engine(), "handle_error", lambda _context: failed.set())
    asking = threading.Thread(target=lambda: promised_runs.append(ask()))
    asking.start()
    assert failed.wait(20)
    rename("away", "task_definition")
    asking.join(20)
    assert [run.id for run in promised_runs if run] == [promised()[0].id]


def test_a_database_that_stays_away_is_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_LEASE_SECONDS", "0.1")
    settings.cache_clear()
    rename("task_definition", "away")
    assert ask() is None
    (record,) = [one for one in caplog.records if one.name == "tasks.triggering"]
    assert "database could not be used" in record.__dict__["why"]
