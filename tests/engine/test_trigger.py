"""A run promised by another Celery application, which knows the broker and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Run, RunState, Trigger
from tests.support.factories import a_source, a_task
from tests.support.stack import Processes, wait_for_end
from tests.support.valkey import Valkey
from tests.support.waiting import wait_until

TOKEN = "the token of the shop"

SHOP = """
import json, sys
from celery import Celery

app = Celery(broker=sys.argv[1])
app.conf.broker_transport_options = {"global_keyprefix": "orchestrator:"}
for sent in json.loads(sys.stdin.read()):
    app.send_task("tasks.trigger", queue="default", ignore_result=True, **sent)
"""


@pytest.fixture
def worker(processes: Processes, home: Path) -> Processes:
    """A worker that takes messages of the shop, and tells everything it does in its log."""
    a_source()
    settings = {
        "ORCHESTRATOR_TRIGGER_TOKEN": TOKEN,
        "ORCHESTRATOR_TRIGGER_TASKS": "a-report",
        "ORCHESTRATOR_LOG_LEVEL": "DEBUG",
    }
    processes.start("worker", environment=settings)
    return processes


def shop_sends(valkey: Valkey, *messages: object) -> None:
    """Send these from a process that has nothing of ours but the address."""
    own = {name: value for name, value in os.environ.items() if "ORCHESTRATOR" not in name}
    subprocess.run(
        [sys.executable, "-c", SHOP, valkey.url],
        input=json.dumps(messages).encode(),
        env=own,
        cwd="/",
        check=True,
        timeout=60,
    )


def runs() -> list[Run]:
    with reading() as session:
        return list(session.scalars(select(Run)).all())


def logs(home: Path) -> str:
    return "".join(path.read_text() for path in (home / "logs").glob("*.log"))


def asking(**values: object) -> dict[str, object]:
    return {"kwargs": {"task": "a-report", "token": TOKEN} | values}


def test_a_foreign_application_promises_a_run_and_the_worker_does_it(
    worker: Processes, own_valkey: Valkey, home: Path
) -> None:
    a_task(max_attempts=1)
    shop_sends(own_valkey, asking(request_key="order 7"), asking(request_key="order 7"))
    wait_until(runs, "the run is promised")
    (run,) = runs()
    assert (run.trigger, run.request_key) == (Trigger.CODE, "code:celery:order 7")
    assert wait_for_end(run.id).state in (RunState.SUCCEEDED, RunState.FAILED)
    wait_until(lambda: logs(home).count("trigger taken") == 2, "both messages were read")
    assert len(runs()) == 1
    assert TOKEN not in logs(home)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_hostile_messages_promise_nothing_and_the_worker_goes_on(
    worker: Processes, own_valkey: Valkey, home: Path, database: str
) -> None:
    a_task()
    a_task("hidden-report")
    hostile = [
        {"kwargs": {}},
        {"args": ["a-report", {}, "key", TOKEN]},
        asking(token="wrong, and long enough to be seen"),
        asking(token=[TOKEN]),
        asking(task="hidden-report"),
        asking(parameters={"name": "x" * 1_000_000}),
        asking(parameters=[1, 2]),
        asking(parameters={"unknown": 1}),
        asking(request_key={"a": 1}),
        asking(scheduled_for="2026-01-01"),
    ]
    shop_sends(own_valkey, *hostile, asking(request_key="the good one"))
    wait_until(runs, "the good one is promised")
    wait_until(lambda: logs(home).count("trigger refused") == len(hostile), "each is refused")
    assert [run.request_key for run in runs()] == ["code:celery:the good one"]
    assert "Traceback" not in logs(home)
    assert TOKEN not in logs(home)
