"""The health of the parts, as people and as machines see it."""

from datetime import timedelta

import pytest

from tasks.clock import utcnow
from tasks.db import db_now, engine, insert_once, transaction
from tasks.models import (
    AlertMail,
    AlertMailState,
    Delivery,
    DeliveryState,
    Queue,
    Role,
    RunState,
    SchedulerMark,
    Worker,
)
from tasks.settings import settings
from tests.support.factories import a_run, a_task
from tests.support.incidents import end
from tests.support.valkey import Valkey
from tests.web.conftest import Browser, LoginAs
from webui import create_app

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()


@pytest.fixture
def _all_well(sqlite_database: str, valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()
    _worker()
    _tick()


def _worker(seconds_ago: float = 0) -> None:
    seen = db_now(-timedelta(seconds=seconds_ago))
    row = {"name": "worker-1", "queues": ["default"], "slots": 2, "last_seen_at": seen}
    with transaction() as session:
        insert_once(session, Worker, row)


def an_alert_mail(state: AlertMailState) -> AlertMail:
    return AlertMail(topic="scheduler_silent", recipients=[], state=state)


def _tick(seconds_ago: float = 0) -> None:
    at = db_now(-timedelta(seconds=seconds_ago))
    with transaction() as session:
        insert_once(session, SchedulerMark, {"name": "tick", "at": at})


@pytest.mark.usefixtures("_all_well")
def test_all_parts_that_work_are_said_to_work(login_as: LoginAs) -> None:
    text = login_as(Role.VIEWER).get("/health").text
    assert "Does not work" not in text
    for sentence in (
        "SQLite answers.",
        "The broker answers.",
        "Workers: 1, with room for 2 runs.",
        "The scheduler ticks; it did ",
        "GB are free in the home folder.",
    ):
        assert sentence in text


@pytest.mark.usefixtures("sqlite_database", "_no_broker")
def test_a_part_that_is_away_comes_with_what_to_do(login_as: LoginAs) -> None:
    _worker(seconds_ago=16)
    _tick(seconds_ago=11)
    text = login_as(Role.VIEWER).get("/health").text
    assert "Start Valkey or Redis, and check ORCHESTRATOR_BROKER_URL." in text
    assert "Start one with “orchestrator worker”." in text
    assert "Start it with “orchestrator beat”." in text


def test_a_scheduler_that_fell_silent_says_since_when(login_as: LoginAs) -> None:
    _tick(seconds_ago=3_720)
    assert (
        "The scheduler ticked 1 h 2 m ago and not since"
        in login_as(Role.VIEWER).get("/health").text
    )


def test_the_page_of_health_tells_the_figures(login_as: LoginAs) -> None:
    a_run()
    a_run(reason_code="overlap")
    with transaction() as session:
        session.add(Queue(name="bulk", paused=True))
        session.add(an_alert_mail(AlertMailState.FAILED))
    page = login_as(Role.VIEWER).get("/health").text
    figures = " ".join(page.split('id="figures"')[1].split())
    for name in ("Queues that are paused", "Alerts that could not be mailed", "Ready for a worker"):
        assert figures.split(f"<dt>{name}</dt>")[1].split("</dd>")[0].rstrip("</a> ").endswith("1")


@pytest.mark.usefixtures("_all_well")
def test_ready_says_which_parts_are_and_nothing_else(client: Browser) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    names = ("database", "broker", "workers", "scheduler", "disk")
    assert answer.json == dict.fromkeys(names, True)


@pytest.mark.usefixtures("sqlite_database", "_no_broker")
def test_not_ready_is_a_503(client: Browser) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["database"] is True
    assert answer.json["broker"] is False


def test_without_a_database_alive_is_alive_and_ready_is_not(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings().home_dir / "orchestrator.sqlite"
    engine().dispose()
    path.unlink()
    path.mkdir()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"database": False})


def test_the_figures_are_prometheus_text(client: Browser) -> None:
    _worker()
    _tick(seconds_ago=3)
    a_run()
    a_run(reason_code="overlap", due_at=utcnow() - timedelta(hours=1))
    a_run(state=RunState.RUNNING)
    ended = a_run(state=RunState.FAILED)
    a_run(state=RunState.SUCCEEDED, finished_at=utcnow() - timedelta(hours=2))
    with transaction() as session:
        session.add(
            Delivery(
                run_id=ended.id, recipient="a@b.example", message_id="1", state=DeliveryState.QUEUED
            )
        )
        session.add(Queue(name="bulk", paused=True))
        session.add(an_alert_mail(AlertMailState.FAILED))
        insert_once(
            session,
            SchedulerMark,
            {"name": "epoch", "value": "x", "at": db_now(-timedelta(hours=2))},
        )
    answer = client.get("/metrics")
    assert answer.mimetype == "text/plain"
    lines = answer.text.splitlines()
    for line in (
        "orchestrator_runs_queued 2.0",
        "orchestrator_runs_ready 1.0",
        'orchestrator_runs_held{code="overlap"} 1.0',
        'orchestrator_runs_held{code="retry"} 0.0',
        "orchestrator_queues_paused 1.0",
        'orchestrator_alerts{state="failed"} 1.0',
        "orchestrator_runs_running 1.0",
        'orchestrator_runs_ended_last_hour{state="failed"} 1.0',
        'orchestrator_runs_ended_last_hour{state="succeeded"} 0.0',
        "orchestrator_workers_seen 1.0",
        'orchestrator_deliveries_open{state="queued"} 1.0',
    ):
        assert line in lines
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert 2.5 < float(values["orchestrator_scheduler_tick_age_seconds"]) < 30
    assert 0 <= float(values["orchestrator_oldest_ready_age_seconds"]) < 30
    assert 7_190 < float(values["orchestrator_broker_epoch_age_seconds"]) < 7_300


def test_a_monitor_hears_of_letters_that_did_not_arrive_of_failing_tasks_and_of_room(
    client: Browser,
) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    old = utcnow() - timedelta(hours=2)
    with transaction() as session:
        for state, since in (
            ("failed", None),
            ("failed", old),
            ("uncertain", None),
            ("sending", old),
        ):
            times = {} if since is None else {"created_at": since, "updated_at": since}
            who = f"{state}-{since}@b.example"
            letter = Delivery(run_id=run.id, recipient=who, message_id="1", **times)
            letter.state = DeliveryState(state)
            session.add(letter)
    end(a_task("stock"))
    lines = client.get("/metrics").text.splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert values['orchestrator_deliveries_lost_last_hour{state="failed"}'] == "1.0"
    assert values['orchestrator_deliveries_lost_last_hour{state="uncertain"}'] == "1.0"
    assert values["orchestrator_incidents_open"] == "1.0"
    assert 7_190 < float(values["orchestrator_oldest_open_delivery_age_seconds"]) < 7_300
    assert float(values["orchestrator_home_free_bytes"]) > 0


def test_where_nothing_waits_no_age_is_told(client: Browser) -> None:
    assert "oldest_" not in client.get("/metrics").text


def test_another_machine_needs_the_token(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_METRICS_TOKEN", "a long token")
    settings.cache_clear()
    client = create_app().test_client()
    right = {"Authorization": "Bearer a long token"}
    wrong = {"Authorization": "Bearer another"}
    assert client.get("/metrics", environ_base=ELSEWHERE).status_code == 403
    assert client.get("/metrics", environ_base=ELSEWHERE, headers=wrong).status_code == 403
    assert client.get("/metrics", environ_base=ELSEWHERE, headers=right).status_code == 200


def test_without_a_token_no_other_machine_reads_the_figures(client: Browser) -> None:
    empty = {"Authorization": "Bearer "}
    assert client.get("/metrics", environ_base=ELSEWHERE).status_code == 403
    assert client.get("/metrics", environ_base=ELSEWHERE, headers=empty).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
