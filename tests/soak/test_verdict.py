"""The judge of the soak: it passes a sound history, and finds each breach that is put into one."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from tasks.db import reading, transaction
from tasks.models import Attempt, Run, RunEvent, RunState, TaskDefinition, Trigger
from tests.soak.plan import Plan
from tests.soak.trouble import Fault, FaultKind
from tests.soak.verdict import Effects, violations
from tests.support.factories import a_run, a_schedule

PLAN = Plan(runs=3, seed=1, seconds=2)
STARTS_AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CHILD = 4711


@dataclass
class History:
    """What a soak left: a click, then two instants of one schedule, all of which succeeded."""

    runs: list[Run]
    answers: list[tuple[int, int]]
    effects: Effects
    faults: list[Fault] = field(default_factory=list)

    def judged(self) -> list[str]:
        """The first words of each sentence of the judge."""
        with reading() as session:
            found = violations(
                session,
                PLAN,
                starts_at=STARTS_AT,
                answers=self.answers,
                effects=self.effects,
                faults=self.faults,
            )
            return [sentence.partition(":")[0] for sentence in found]

    def change(self, **values: object) -> None:
        """Change the row of the click."""
        with transaction() as session:
            session.execute(update(Run).where(Run.id == self.runs[0].id).values(**values))


@pytest.fixture
def history(sqlite_database: str) -> History:
    with transaction() as session:
        settings = {"makes_file": False}
        task = TaskDefinition(
            slug="soak", title="Soak", job="soak", settings=settings, safe_to_repeat=False
        )
        session.add(task)
    schedule = a_schedule(task)
    succeeded = {"state": RunState.SUCCEEDED, "attempt": 1}
    runs = [a_run(task, trigger=Trigger.PERSON, **succeeded)]
    for second in (1, 2):
        due = STARTS_AT + timedelta(seconds=second)
        instant = {"schedule_id": schedule.id, "scheduled_for": due, "trigger": Trigger.SCHEDULE}
        runs.append(a_run(task, **instant, **succeeded))
    for run in runs:
        _ended(run)
    once = Counter((run.id, 1) for run in runs)
    return History(runs, [(runs[0].id, runs[0].id)], Effects(once.copy(), once.copy()))


def _ended(run: Run) -> None:
    end = {"run_id": run.id, "state": run.state}
    with transaction() as session:
        session.add(RunEvent(attempt=1, **end))
        worker = f"worker-1@east:{CHILD}"
        at = {"started_at": run.started_at, "finished_at": run.finished_at}
        session.add(Attempt(number=1, worker=worker, **at, **end))


def lose(history: History) -> None:
    """Let the attempt of the click end as lost, everywhere."""
    run = history.runs[0].id
    history.change(state=RunState.LOST, error="It died.")
    with transaction() as session:
        for table in (Attempt, RunEvent):
            session.execute(update(table).where(table.run_id == run).values(state=RunState.LOST))


def drop_an_instant(history: History) -> None:
    with transaction() as session:
        session.execute(delete(RunEvent).where(RunEvent.run_id == history.runs[2].id))
        session.execute(delete(Attempt).where(Attempt.run_id == history.runs[2].id))
        session.execute(delete(Run).where(Run.id == history.runs[2].id))


def move_an_instant(history: History) -> None:
    elsewhere = STARTS_AT + timedelta(seconds=9)
    with transaction() as session:
        row = Run.id == history.runs[2].id
        session.execute(update(Run).where(row).values(scheduled_for=elsewhere))


def answer_with_two_runs(history: History) -> None:
    history.answers[0] = (history.runs[0].id, history.runs[1].id)


def click_twice(history: History) -> None:
    with transaction() as session:
        task = session.get_one(TaskDefinition, history.runs[0].task_definition_id)
    _ended(a_run(task, trigger=Trigger.PERSON, state=RunState.CANCELLED))


def end_twice(history: History) -> None:
    with transaction() as session:
        session.add(RunEvent(run_id=history.runs[0].id, state=RunState.FAILED, attempt=1))


def forget_the_effect(history: History) -> None:
    history.effects.done.clear()


def begin_twice(history: History) -> None:
    history.effects.started[(history.runs[0].id, 1)] += 1


def begin_a_second_attempt(history: History) -> None:
    history.effects.started[(history.runs[0].id, 2)] += 1
    history.change(attempt=2)
    history.effects.done[(history.runs[0].id, 2)] += 1


def test_a_sound_history_is_passed(history: History) -> None:
    assert history.judged() == []


@pytest.mark.parametrize(
    ("breach", "found"),
    [
        (drop_an_instant, {"I1"}),
        (move_an_instant, {"I1"}),
        (answer_with_two_runs, {"I1"}),
        (click_twice, {"I1"}),
        (lambda history: history.change(state=RunState.RUNNING), {"I2"}),
        (end_twice, {"I3"}),
        (lambda history: history.change(state=RunState.CANCELLED), {"I3"}),
        (forget_the_effect, {"I4"}),
        (begin_twice, {"I5"}),
        (begin_a_second_attempt, {"I5"}),
    ],
)
def test_each_breach_is_found(
    history: History, breach: Callable[[History], None], found: set[str]
) -> None:
    breach(history)
    assert found <= set(history.judged())


@pytest.mark.parametrize(
    ("kind", "pid", "explained"),
    [
        (FaultKind.CHILD, CHILD, True),
        (FaultKind.CHILD, CHILD + 1, False),
        (FaultKind.BROKER, CHILD, False),
        (FaultKind.FREEZE, CHILD + 1, True),  # it may have held SQLite's write lock
    ],
)
def test_a_lost_attempt_needs_a_fault_that_hit_its_own_process(
    history: History, kind: FaultKind, pid: int, explained: bool
) -> None:
    lose(history)
    at = history.runs[0].started_at or STARTS_AT
    history.faults = [Fault(kind, at, at, frozenset({pid}))]
    assert (history.judged() == []) is explained


def test_a_fault_long_before_explains_no_loss(history: History) -> None:
    lose(history)
    before = (history.runs[0].started_at or STARTS_AT) - timedelta(minutes=1)
    history.faults = [Fault(FaultKind.CHILD, before, before, frozenset({CHILD}))]
    assert len(history.judged()) == 1
