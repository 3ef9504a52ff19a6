"""`orchestrator run`: what is promised, what is refused, and what the exit code says."""

import json
import time
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tasks.cli import run as run_command
from tasks.db import reading, transaction
from tasks.errors import ErrorKind
from tasks.models import Artifact, Delivery, DeliveryState, Run, RunState, Trigger
from tests.support.factories import a_run, a_task
from tests.unit.cli.conftest import Call

AS_OF = {"name": "as_of", "type": "date", "label": "As of", "required": True, "default": ""}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", "redis://127.0.0.1:1/0")


def number_of_runs() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Run)) or 0


def a_delivery(run: Run, state: DeliveryState, error: str | None = None) -> None:
    with transaction() as session:
        session.add(
            Delivery(
                run_id=run.id,
                recipient="ayse@company.example",
                state=state,
                message_id="<1@host>",
                error=error,
            )
        )


def waiting(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """Let the command wait for a run that exists."""
    monkeypatch.setattr(run_command, "promise_run", lambda *_: run)


def test_a_number_is_given_with_a_point_only(orchestrator: Call) -> None:
    a_task("open-orders", parameters=[{"name": "limit", "type": "decimal", "label": "Limit"}])
    refused = orchestrator("run", "open-orders", "-p", "limit=1,000")
    assert refused.exit_code != 0
    assert "such as 1234.5" in refused.stderr
    assert number_of_runs() == 0
    shown = json.loads(orchestrator("run", "open-orders", "-p", "limit=1000.50", "--json").stdout)
    assert shown["parameters"] == {"limit": "1000.5"}


def test_a_run_is_promised_and_shown(orchestrator: Call) -> None:
    a_task("open-orders", parameters=[AS_OF])
    result = orchestrator("run", "open-orders", "-p", "as_of=today", "--json")
    shown = json.loads(result.stdout)
    assert result.exit_code == 0
    assert shown["task"] == "open-orders"
    assert shown["state"] == "queued"
    assert shown["parameters"] == {"as_of": "today"}
    with reading() as session:
        assert session.get_one(Run, shown["run"]).trigger is Trigger.PERSON


@pytest.mark.parametrize(
    "given",
    [
        ("-p", "as_of=soon"),
        ("-p", "as_of=today", "-p", "colour=red"),
        ("-p", "as_of"),
        ("-p", "as_of=today", "-p", "as_of=today"),
        (),
    ],
    ids=["wrong type", "unknown", "without a value", "twice", "missing"],
)
def test_bad_parameters_promise_nothing(orchestrator: Call, given: tuple[str, ...]) -> None:
    a_task("open-orders", parameters=[AS_OF])
    result = orchestrator("run", "open-orders", *given)
    assert result.exit_code == 2
    assert result.stderr.startswith("orchestrator: ")
    assert number_of_runs() == 0


def test_an_unknown_task_is_bad_input(orchestrator: Call) -> None:
    result = orchestrator("run", "no-such-task")
    assert result.exit_code == 2
    assert result.stderr == "orchestrator: There is no task “no-such-task”.\n"


@pytest.mark.parametrize(
    ("state", "delivery", "code"),
    [
        (RunState.SUCCEEDED, None, 0),
        (RunState.SUCCEEDED, DeliveryState.DELIVERED, 0),
        (RunState.SUCCEEDED, DeliveryState.FAILED, 1),
        (RunState.SUCCEEDED, DeliveryState.UNCERTAIN, 1),
        (RunState.FAILED, None, 1),
        (RunState.TIMED_OUT, None, 1),
        (RunState.CANCELLED, None, 1),
        (RunState.LOST, None, 1),
        (RunState.SKIPPED, None, 1),
    ],
)
def test_the_exit_code_says_how_it_ended(
    orchestrator: Call,
    monkeypatch: pytest.MonkeyPatch,
    state: RunState,
    delivery: DeliveryState | None,
    code: int,
) -> None:
    run = a_run(state=state)
    if delivery is not None:
        a_delivery(run, delivery)
    waiting(monkeypatch, run)
    assert orchestrator("run", "a-report", "--wait").exit_code == code


def test_waiting_is_for_the_deliveries_too(
    orchestrator: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_delivery(run, DeliveryState.QUEUED)
    waiting(monkeypatch, run)

    def sent(_seconds: float) -> None:
        with transaction() as session:
            session.execute(update(Delivery).values(state=DeliveryState.DELIVERED))

    monkeypatch.setattr(time, "sleep", sent)
    result = orchestrator("run", "a-report", "--wait", "--json")
    assert result.exit_code == 0
    assert [one["state"] for one in json.loads(result.stdout)["deliveries"]] == ["delivered"]


def test_waiting_ends_with_its_time(orchestrator: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    run = a_run()
    waiting(monkeypatch, run)
    passed = iter(range(0, 10_000, 5))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(passed)))
    monkeypatch.setattr(time, "sleep", lambda _: None)
    result = orchestrator("run", "a-report", "--wait", "--timeout", "60")
    assert result.exit_code == 1
    assert "is a worker running?" in result.stderr
    assert f"run {run.id} has not ended after 60 s; it goes on" in result.stderr


def test_what_is_promised_to_scripts(orchestrator: Call) -> None:
    run = a_run(
        state=RunState.FAILED, error_kind=ErrorKind.SQL, error="Column XX is unknown.", rows=None
    )
    with transaction() as session:
        session.add(
            Artifact(
                run_id=run.id,
                attempt=1,
                name="a.csv",
                path="0/1/a.csv",
                media_type="text/csv",
                bytes=3,
                sha256="0" * 64,
            )
        )
    a_delivery(run, DeliveryState.FAILED, "550 No such user")
    shown: dict[str, Any] = json.loads(orchestrator("show", str(run.id), "--json").stdout)
    assert list(shown) == [
        "run", "task", "state", "reason", "error_kind", "error", "attempt", "scheduled_for",
        "queued_at", "started_at", "finished_at", "rows", "parameters", "files", "deliveries",
        "reached",
    ]  # fmt: skip
    assert list(shown["files"][0]) == ["name", "path", "media_type", "bytes", "sha256", "part"]
    assert shown["files"][0]["path"].startswith("/")
    assert shown["deliveries"] == [
        {
            "recipient": "ayse@company.example",
            "channel": "email",
            "state": "failed",
            "error": "550 No such user",
            "reason": "",
            "part": "",
        }
    ]
    assert shown["reached"] == "nobody"
    assert shown["error_kind"] == "sql"
    assert datetime.fromisoformat(shown["scheduled_for"]).utcoffset() is not None
    assert shown["scheduled_for"].endswith("+03:00")


def test_show_says_it_in_words_too(orchestrator: Call) -> None:
    run = a_run(state=RunState.FAILED, error_kind=ErrorKind.SQL, error="Column XX is unknown.")
    line = f"run {run.id} of a-report for 2026-03-16 12:00 +03: failed (sql). Column XX is unknown."
    assert orchestrator("show", str(run.id)).stdout.splitlines() == [line]
