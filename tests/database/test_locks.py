"""Limits that hold although several workers claim at the same time, each on its own connection."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random

from sqlalchemy import ColumnElement, select

from tasks.db import reading, transaction
from tasks.models import IS_QUEUED, IS_READY, Run, RunState, Source, TaskDefinition
from tasks.queues import limit_queue, limit_source
from tasks.runs.claiming import Claimed, take
from tasks.runs.ending import end_attempt
from tasks.runs.holds import settle
from tasks.runs.outcome import Outcome
from tasks.runs.transitions import Claim
from tests.support.factories import a_run, a_source, a_task
from tests.support.rows import now

ROUNDS = 10
WORKERS = 8


def at_once(*acts: Callable[[], Claimed | None]) -> list[Claimed | None]:
    """Do all of them at the same moment, each in a thread and on a connection of its own."""
    start = threading.Barrier(len(acts))

    def act(one: Callable[[], Claimed | None]) -> Claimed | None:
        start.wait(timeout=10)
        return one()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def claim_at_once(*runs: Run) -> list[Claim]:
    """Let as many workers claim a run each; returns those that got theirs."""
    claims = [
        lambda run=run, number=number: take(run.id, f"worker:{number}")
        for number, run in enumerate(runs)
    ]
    return [claimed.run for claimed in at_once(*claims) if claimed is not None]


def end(run: Claim) -> None:
    with transaction() as session:
        outcome = Outcome(RunState.SUCCEEDED)
        assert end_attempt(session, run.id, run.attempt, outcome, actor="worker") is not None


def assert_one_goes_on(first: Run, second: Run, *, code: str) -> None:
    """Claim both at once: one runs, the other waits and says for what."""
    [running] = claim_at_once(first, second)
    [waiting] = [now(run) for run in (first, second) if run.id != running.id]
    assert (waiting.state, waiting.reason_code, waiting.attempt) == (RunState.QUEUED, code, 0)
    end(running)
    settle()
    [running] = claim_at_once(waiting)
    end(running)


def test_of_two_claims_at_once_one_goes_on_where_the_task_runs_once_at_a_time(
    database: str,
) -> None:
    task = a_task(max_running=1)
    for _ in range(ROUNDS):
        assert_one_goes_on(a_run(task), a_run(task), code="task_busy")


def test_of_two_claims_at_once_one_goes_on_where_the_queue_runs_one_at_a_time(
    database: str,
) -> None:
    with transaction() as session:
        limit_queue(session, "default", 1)
    one, two = a_task("one"), a_task("two")
    for _ in range(ROUNDS):
        assert_one_goes_on(a_run(one), a_run(two), code="queue_busy")


def test_of_two_claims_at_once_one_goes_on_where_the_source_is_read_by_one_at_a_time(
    database: str,
) -> None:
    limit_the_source(a_source(), 1)
    one, two = a_task("one", queue="left"), a_task("two", queue="right")
    for _ in range(ROUNDS):
        runs = [a_run(task, queue=task.queue, source="demo") for task in (one, two)]
        assert_one_goes_on(*runs, code="source_busy")


def limit_the_source(source: Source, most: int) -> None:
    with transaction() as session:
        limit_source(session.get_one(Source, source.id), most)


def test_a_run_claimed_by_eight_workers_at_once_is_at_work_once(database: str) -> None:
    task = a_task()
    for _ in range(ROUNDS):
        run = a_run(task)
        assert len(claim_at_once(*[run] * WORKERS)) == 1
        assert now(run).attempt == 1


@dataclass
class AtWork:
    """What is at work now, counted beside the database, and the most there ever was of each."""

    now: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, run: Claim) -> None:
        with self.lock:
            for name in names(run):
                self.now[name] += 1
                self.most[name] = max(self.most[name], self.now[name])

    def end(self, run: Claim) -> None:
        with self.lock:
            for name in names(run):
                self.now[name] -= 1


def names(run: Claim) -> Iterable[str]:
    return f"task {run.task_definition_id}", f"queue {run.queue}", f"source {run.source}"


def work_off(at_work: AtWork, seed: int) -> None:
    """Claim what waits, in an order of this worker's own, until nothing does."""
    random = Random(seed)
    while waiting(IS_QUEUED):
        ready = waiting(IS_READY)
        claimed = take(random.choice(ready), f"worker:{seed}") if ready else None
        if claimed is None:
            settle()
            continue
        at_work.begin(claimed.run)
        settle()
        at_work.end(claimed.run)
        end(claimed.run)


def waiting(runs: ColumnElement[bool]) -> list[int]:
    with reading() as session:
        return list(session.scalars(select(Run.id).where(runs)))


def test_eight_workers_on_mixed_limits_never_pass_one_and_never_block_each_other(
    postgres_database: str,
) -> None:
    limits = {"task": 2, "queue": 4, "source": 3}
    sources = [a_source(slug=slug) for slug in ("north", "south")]
    for source in sources:
        limit_the_source(source, limits["source"])
    with transaction() as session:
        for queue in ("left", "right"):
            limit_queue(session, queue, limits["queue"])
    mixed = islice(cycle(mixed_tasks()), WORKERS * 25)
    runs = [a_run(task, queue=task.queue, source=task.settings["source"]) for task in mixed]
    at_work = AtWork()
    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(lambda seed: work_off(at_work, seed), range(WORKERS)))
    assert {now(run).state for run in runs} == {RunState.SUCCEEDED}
    assert {now(run).attempt for run in runs} == {1}
    beyond = {name: most for name, most in at_work.most.items() if most > limits[name.split()[0]]}
    assert beyond == {}


def mixed_tasks() -> list[TaskDefinition]:
    """Each task in one of two queues, reading one of two sources, in all four ways."""
    return [
        a_task(f"{queue}-{source}", queue=queue, max_running=2, settings={"source": source})
        for queue in ("left", "right")
        for source in ("north", "south")
    ]
