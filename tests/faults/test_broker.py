"""The broker dies, forgets, is full, or is silent: the rows are the truth, so nothing is lost."""

import time
from datetime import timedelta
from pathlib import Path

import redis

from tasks.accounts import create_user
from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Role, Run, RunState
from tests.faults.promises import Promises, assert_invariants
from tests.faults.stage import Stage
from tests.support.factories import a_probe
from tests.support.person import Person, web
from tests.support.proxy import before_broker
from tests.support.stack import the_run, wait_for_end
from tests.support.waiting import wait_until

GRACE = 60.0
"""Seconds; to what the wait for a message has grown that nobody has claimed for long."""


def assert_each_ran_once(promises: Promises, runs: list[int]) -> None:
    assert_invariants(promises)
    for run in runs:
        ended = the_run(run)
        assert (ended.state, ended.attempt) == (RunState.SUCCEEDED, 1)
        assert len(promises.steps(run, "start")) == 1


def twenty_wait(stage: Stage, promises: Promises) -> list[int]:
    stage.without_worker()
    task = a_probe()
    runs = [promises.click(task) for _ in range(20)]
    wait_until(stage.messages, "the broker holds messages")
    return runs


def test_a_broker_killed_with_twenty_runs_waiting_loses_none(
    stage: Stage, promises: Promises
) -> None:
    """Fault 6: it kept nothing on disk."""
    runs = twenty_wait(stage, promises)
    stage.broker.kill()
    stage.broker.start()
    assert stage.messages() == 0
    stage.the_worker()
    assert_each_ran_once(promises, runs)


def test_a_broker_that_forgets_everything_loses_no_run(stage: Stage, promises: Promises) -> None:
    """Fault 10: FLUSHALL."""
    runs = twenty_wait(stage, promises)
    with redis.Redis.from_url(stage.broker.url) as client:
        client.flushall()
    stage.the_worker()
    assert_each_ran_once(promises, runs)


def test_what_the_broker_lost_is_sent_again_at_once_and_not_after_a_long_grace(
    stage: Stage, promises: Promises
) -> None:
    """Faults 6 and 10: the grace has grown to a minute, the broker's key says that it is new."""
    stage.without_worker()
    run = promises.click(a_probe())
    with transaction() as session:
        session.get_one(Run, run).republish_at = utcnow() + timedelta(seconds=GRACE)
    stage.broker.kill()
    stage.broker.start()
    wait_until(stage.messages, "the message is sent again", seconds=GRACE / 2)
    stage.the_worker()
    assert_each_ran_once(promises, [run])


def test_a_click_while_the_broker_is_down_is_answered_at_once_and_runs_later(
    stage: Stage, promises: Promises
) -> None:
    """Fault 7, in a real web process: the best of three, since the machine has other work too."""
    with transaction() as session:
        create_user(session, "ayse", "correct horse battery", Role.OPERATOR)
    task = a_probe()
    with web(stage.processes) as address:
        ayse = Person(address)
        ayse.log_in("ayse", "correct horse battery")
        token = ayse.token("/tasks")
        stage.broker.kill()
        waits = []
        for key in ("once", "again", "and again"):
            begun = time.monotonic()
            page = ayse.submit(f"/tasks/{task.slug}/runs", token=token, request_key=key)
            waits.append(time.monotonic() - begun)
            promises.count += 1
            assert "The broker is away; the run is kept and starts by itself." in page
    assert min(waits) < 1
    rows = promises.rows()
    assert {row.state for row in rows} == {RunState.QUEUED}
    stage.broker.start()
    assert_each_ran_once(promises, [row.id for row in rows])


def test_a_job_that_ends_while_the_broker_is_down_has_succeeded(
    stage: Stage, promises: Promises, tmp_path: Path
) -> None:
    """Fault 8."""
    run = promises.click(a_probe(act="wait", until=str(tmp_path / "go")))
    promises.wait_for(run, "working")
    stage.broker.kill()
    (tmp_path / "go").touch()
    assert wait_for_end(run).state is RunState.SUCCEEDED
    stage.broker.start()
    assert_each_ran_once(promises, [run, promises.click(a_probe())])


def test_a_full_broker_costs_time_and_no_run(
    stage: Stage, promises: Promises, tmp_path: Path
) -> None:
    """Fault 9: the worker may exit, which its supervisor answers by a new one."""
    at_work = a_probe(act="wait", until=str(tmp_path / "go"))
    runs = [promises.click(at_work), promises.click(at_work)]
    for run in runs:
        promises.wait_for(run, "working")
    quick = a_probe()
    runs += [promises.click(quick) for _ in range(3)]
    with redis.Redis.from_url(stage.broker.url) as client:
        client.config_set("maxmemory", "1mb")
        (tmp_path / "go").touch()
        wait_until(lambda: refusals(client), "the broker refuses")
        runs += [promises.click(quick) for _ in range(3)]
        assert the_run(runs[-1]).state is RunState.QUEUED
        client.config_set("maxmemory", "0")
    with stage.supervised():
        assert_each_ran_once(promises, runs)


def test_a_half_open_line_to_the_broker_holds_the_work_up_for_seconds_only(
    stage: Stage, promises: Promises
) -> None:
    """Fault 25: worker and beat go on believing in connections that nothing comes through."""
    stage.without_worker()
    stage.without_beat()
    with before_broker(stage.broker) as (proxy, url):
        stage.worker = stage.processes.worker(ORCHESTRATOR_BROKER_URL=url)
        stage.beat = stage.processes.beat(ORCHESTRATOR_BROKER_URL=url)
        assert wait_for_end(promises.click(a_probe())).state is RunState.SUCCEEDED
        proxy.lose_what_is_open()
        runs = [promises.click(a_probe()) for _ in range(4)]
        promises.deadline = 20  # the kernel would try it for a quarter of an hour
        assert_each_ran_once(promises, runs)
        stage.without_worker()
        stage.without_beat()


def refusals(client: "redis.Redis") -> int:
    """How often the server said that it is full."""
    errors = client.info("errorstats")
    assert isinstance(errors, dict)
    return int(errors.get("errorstat_OOM", {}).get("count", 0))
