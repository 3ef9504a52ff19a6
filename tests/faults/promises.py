"""What a test promised, and what must hold of it whatever happened in between."""

from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from tasks.db import reading
from tasks.errors import NotFound
from tasks.models import Artifact, Attempt, Run, RunEvent, RunState, TaskDefinition
from tasks.runs.dispatch import tell
from tasks.runs.files import artifact_path
from tests.support.clicking import a_promise
from tests.support.probe import Step, steps
from tests.support.waiting import wait_until

FINAL = [state for state in RunState if state.is_final]


class Promises:
    """The runs of one test, in a database that holds runs of the tests before it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.count = 0
        """How many rows there have to be."""
        self.deadline = 60.0
        """Seconds within which each of them has to end."""
        with reading() as session:
            self._before = session.scalar(select(func.max(Run.id))) or 0

    def click(self, task: TaskDefinition, *, tells: bool = True) -> int:
        """Promise a run as a person does, and tell the workers; returns its id."""
        run = a_promise(task)
        self.count += 1
        if tells:
            tell(run)
        return run.id

    def steps(self, run: int, *phases: str) -> list[Step]:
        """Return what the attempts of a run wrote down."""
        return steps(self.home, run, *phases)

    def wait_for(self, run: int, phase: str, *, attempt: int = 1, seconds: float = 60) -> Step:
        """Return the step of this attempt once it was written down."""

        def found() -> list[Step]:
            return [step for step in self.steps(run, phase) if step.attempt == attempt]

        wait_until(found, f"attempt {attempt} of run {run} writes {phase}", seconds=seconds)
        return found()[0]

    def rows(self) -> list[Run]:
        """Return the rows that came since this test began."""
        with reading() as session:
            newer = select(Run).where(Run.id > self._before).order_by(Run.id)
            return list(session.scalars(newer))


def assert_invariants(promises: Promises) -> None:
    """Check I1 to I5 of every run that was promised.

    I1 rows = promises; I2 each is final in time; I3 exactly one final event; I4 succeeded means
    the file of that attempt, anything else a reason; I5 effects at most as many as attempts, and
    at most one where it is not safe to repeat.
    """
    wait_until(
        lambda: all(run.state.is_final for run in promises.rows()),
        "each run ends",
        seconds=promises.deadline,
    )
    rows = promises.rows()
    assert len(rows) == promises.count
    for run in rows:
        _assert_one_end(run)
        _assert_attempts(run)
        _assert_effects(promises, run)


def _assert_one_end(run: Run) -> None:
    with reading() as session:
        ends = session.scalars(
            select(RunEvent.state).where(RunEvent.run_id == run.id, RunEvent.state.in_(FINAL))
        ).all()
        files = session.scalars(select(Artifact).where(Artifact.run_id == run.id)).all()
    assert ends == [run.state], f"run {run.id} ended {len(ends)} times"
    assert run.finished_at is not None
    assert (run.lease_owner, run.lease_until) == (None, None)
    if run.state is RunState.SUCCEEDED:
        assert [file.attempt for file in files] == [run.attempt]
        assert [_content(file) for file in files] == [f"{run.id},{run.attempt}\n"]
        assert run.error is None
    else:
        assert files == []
        assert run.error or run.reason, f"run {run.id} is {run.state} and does not say why"


def _assert_attempts(run: Run) -> None:
    with reading() as session:
        attempts = session.scalars(
            select(Attempt).where(Attempt.run_id == run.id).order_by(Attempt.number)
        ).all()
    assert [attempt.number for attempt in attempts] == list(range(1, run.attempt + 1))
    assert all(attempt.state.is_final and attempt.finished_at for attempt in attempts)


def _assert_effects(promises: Promises, run: Run) -> None:
    effects = Counter(step.attempt for step in promises.steps(run.id, "effect"))
    starts = Counter(step.attempt for step in promises.steps(run.id, "start"))
    with reading() as session:
        task = session.get_one(TaskDefinition, run.task_definition_id)
    assert set(starts.values()) | set(effects.values()) <= {1}, "an attempt was made twice"
    assert set(effects) <= set(starts) <= set(range(1, run.attempt + 1))
    if run.state is RunState.SUCCEEDED:
        assert effects[run.attempt] == 1
    if not task.safe_to_repeat:
        assert effects.total() <= 1


def _content(file: Artifact) -> str:
    try:
        return artifact_path(file).read_text()
    except NotFound:
        return ""
