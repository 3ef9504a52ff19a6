"""With a million deliveries in the table, what sends them reads by indexes only, and little."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import CTE, ColumnElement, Integer, String, case, cast, literal, text

from tasks import db
from tasks.clock import utcnow
from tasks.db import db_now, reading, transaction
from tasks.deliveries import (
    deliver,
    lose_interrupted,
    send_again,
    send_all_again,
    send_delivered_again,
)
from tasks.deliveries.bounces import Bounce, note_bounce
from tasks.deliveries.planning import plan
from tasks.jobs.context import Letter
from tasks.kinds import ChannelKind
from tasks.models import Delivery, DeliveryState, Run, RunState, Trigger
from tasks.queries.deliveries_of_run import deliveries_of_run
from tasks.queries.last_delivered import last_delivered, runs_with_needed_rows
from tasks.queries.measures import measures
from tasks.runs.dispatch import dispatch_soon
from tasks.scheduling.tick import tick
from tests.support.databases import start_anew
from tests.support.delivering import a_waiting, an_account, as_it_is
from tests.support.factories import a_run, a_task
from tests.support.mail import Mailbox, smtp_server
from tests.support.many_rows import fill, series, without_indexes
from tests.support.plans import Plan, plans_of
from tests.support.valkey import Valkey

RUNS, DELIVERIES, TASKS = 200_000, 1_000_000, 20
A_LOOK = 10
"""What the end of an index costs, which a plan calls a walk through it."""
EACH = DELIVERIES // RUNS
WAITING = 2_000
MOST = 3_000
"""Hundreds of SQLite's steps, and pages that PostgreSQL reads, for one statement."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def history(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
    valkey_server: Valkey,
) -> Iterator[None]:
    """Deliveries of years, most of them delivered, and some that wait for their next try."""
    home = tmp_path_factory.mktemp("deliveries")
    url = f"sqlite:///{home / 'orchestrator.sqlite'}"
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copy(migrated_sqlite, home / "orchestrator.sqlite")
        else:
            server = request.getfixturevalue("postgres_server")
            url = stack.enter_context(server.database())
        patch.setenv("ORCHESTRATOR_HOME_DIR", str(home))
        patch.setenv("ORCHESTRATOR_DATABASE_URL", url)
        patch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
        patch.setenv("ORCHESTRATOR_BROKER_PREFIX", f"delivery-plans-{request.param}:")
        patch.setenv("ORCHESTRATOR_SECRET_KEY", "a key for tests only, never used elsewhere")
        start_anew()
        _write_history()
        yield
        start_anew()


@pytest.fixture
def mailbox(history: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with smtp_server() as (url, mailbox):
        mailbox.port = urlsplit(url).port or 0
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        start_anew()
        yield mailbox


def test_a_pass_of_the_scheduler_reads_little_of_them(history: None) -> None:
    a_waiting(lease_until=None)
    a_waiting(state=DeliveryState.SENDING, lease_until=utcnow() - timedelta(hours=1))
    with plans_of(db.engine()) as plans:
        tick()
        dispatch_soon()
        with transaction() as session:
            lose_interrupted(session)
    only_by_index(plans, at_least=6)


def test_sending_them_reads_little_however_they_end(mailbox: Mailbox) -> None:
    an_account("plain", port=mailbox.port)
    an_account("slow", port=mailbox.port, settings={"per_minute": 60})
    an_account("gone", port=1)
    with plans_of(db.engine()) as plans:
        for account in ("plain", "slow", "gone"):
            run = a_run(state=RunState.SUCCEEDED)
            ids = [a_waiting(run, f"r{n}@example.com", channel_slug=account) for n in range(5)]
            deliver(ids[0])
    assert len(mailbox.letters) >= 6
    only_by_index(plans, at_least=20)


def test_sending_again_reads_little(history: None) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    failed, lost = (a_waiting(run, f"{n}@x.example", state="failed") for n in range(2))
    arrived = a_waiting(run, state=DeliveryState.DELIVERED)
    with plans_of(db.engine()) as plans, transaction() as session:
        send_again(session, [failed], actor="ayse")
        send_all_again(session, run.id, actor="ayse")
        send_delivered_again(session, arrived, tries=0, actor="ayse")
    assert as_it_is(lost).state is DeliveryState.QUEUED
    only_by_index(plans, at_least=3)


def test_what_a_run_asks_of_those_before_it_reads_little(history: None) -> None:
    task = a_task("asks-of-those-before")
    a_run(task, state=RunState.SUCCEEDED)
    with plans_of(db.engine()) as plans, reading() as session:
        last_delivered(session, a_run(task).id)
        runs_with_needed_rows(session, task.id)
        last_delivered(session, RUNS)
        deliveries_of_run(session, RUNS)
    only_by_index(plans, at_least=5)


def test_the_figures_for_a_monitoring_system_read_little_of_them(history: None) -> None:
    with plans_of(db.engine()) as plans, reading() as session:
        measures(session, utcnow())
    only_by_index(plans, at_least=20)


def test_a_mail_that_comes_back_is_found_without_reading_them_all(history: None) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    [planned] = plan(run.id, [Letter("ayse@example.com")])
    planned.state = DeliveryState.DELIVERED
    with transaction() as session:
        session.add(planned)
    with plans_of(db.engine()) as plans, transaction() as session:
        note_bounce(session, Bounce(planned.message_id, "no such user"))
    assert as_it_is(planned.id).state is DeliveryState.FAILED
    only_by_index(plans, at_least=1)


def only_by_index(plans: list[Plan], *, at_least: int) -> None:
    """Fail with the statements that read the deliveries as a whole, or many of them."""
    plans = [plan for plan in plans if "delivery" in plan.statement]
    assert len(plans) >= at_least
    assert [str(plan) for plan in plans if plan.scans and plan.cost > A_LOOK] == []
    assert [str(plan) for plan in plans if plan.cost > MOST] == []


def _write_history() -> None:
    for number in range(TASKS):
        a_task(f"report-{number}", settings={"source": None})
    with without_indexes(Run):
        _fill_runs(series(RUNS))
    with without_indexes(Delivery):
        _fill_deliveries(series(DELIVERIES))
    if db.engine().dialect.name == "postgresql":
        with db.engine().connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _fill_runs(numbers: CTE) -> None:
    now = utcnow()
    columns = {
        "task_definition_id": numbers.c.n % TASKS + 1,
        "task_version": 1,
        "trigger": Trigger.SCHEDULE,
        "scheduled_for": now,
        "due_at": now,
        "queued_at": now,
        "finished_at": now,
        "priority": 5,
        "queue": "default",
        "attempt": 1,
        "state": RunState.SUCCEEDED,
    }
    fill(Run, numbers, columns)


def _fill_deliveries(numbers: CTE) -> None:
    """Five a run, one a minute: most delivered, some failed, the newest wait for the server."""
    n = numbers.c.n
    made_at: ColumnElement[datetime] = db_now(cast((n - DELIVERIES) * 60, Integer()))  # type: ignore[arg-type]
    waits = n > DELIVERIES - WAITING
    columns = {
        "run_id": (n - 1) // EACH + 1,
        "recipient": literal("r") + cast(n % (20 * EACH), String()) + literal("@example.com"),
        "channel": ChannelKind.EMAIL,
        "message_id": literal("<") + cast(n, String()) + literal("@task-orchestrator>"),
        "state": case((waits, "queued"), (n % 50 == 0, "failed"), else_="delivered"),
        "next_try_at": case((waits, utcnow() + timedelta(hours=1))),
        "tries": 1,
        "created_at": made_at,
        "updated_at": made_at,
    }
    fill(Delivery, numbers, columns)
