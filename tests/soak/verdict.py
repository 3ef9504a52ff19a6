"""What must hold after a soak: the invariants, each asked of the database and of the effects."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tasks.models import Artifact, Attempt, Run, RunEvent, RunState, TaskDefinition, Trigger
from tasks.runs.files import artifact_path
from tests.soak.plan import Plan
from tests.soak.trouble import Fault, FaultKind

FINAL = [state for state in RunState if state.is_final]
CLOCKS = timedelta(seconds=0.5)
"""How far the instants of a fault and of a row may lie apart."""
KILLING = (FaultKind.WORKER, FaultKind.CHILD, FaultKind.FREEZE)


@dataclass(frozen=True, slots=True)
class Effects:
    """How often each attempt began its work, and how often it had its effect."""

    started: Counter[tuple[int, int]]
    done: Counter[tuple[int, int]]


def read_effects(path: Path) -> Effects:
    """Read what the jobs have written."""
    lines = [line.split(",") for line in path.read_text().splitlines()]
    phases = {
        phase: Counter((int(run), int(attempt)) for run, attempt, of, _ in lines if of == phase)
        for phase in ("start", "effect")
    }
    return Effects(phases["start"], phases["effect"])


def violations(
    session: Session,
    plan: Plan,
    *,
    starts_at: datetime,
    answers: Iterable[tuple[int, int]],
    effects: Effects,
    faults: Sequence[Fault],
) -> Iterator[str]:
    """Yield each breach of an invariant as a sentence; nothing where all hold."""
    yield from _promises(session, plan, starts_at)
    yield from _clicks(session, plan, answers)
    yield from _ends(session)
    yield from _truth(session, effects)
    yield from _repeats(session, effects)
    yield from _unexplained(session, faults)


def _promises(session: Session, plan: Plan, starts_at: datetime) -> Iterator[str]:
    """I1: each instant of each schedule has one row, and there is no other."""
    expected = set(plan.instants(starts_at))
    rows = session.execute(
        select(Run.schedule_id, Run.scheduled_for).where(Run.trigger == Trigger.SCHEDULE)
    ).all()
    by_schedule: dict[int | None, list[datetime]] = {}
    for schedule_id, scheduled_for in rows:
        by_schedule.setdefault(schedule_id, []).append(scheduled_for)
    if len(by_schedule) != plan.schedules:
        yield f"I1: {len(by_schedule)} of {plan.schedules} schedules have runs"
    for schedule_id, instants in by_schedule.items():
        if missing := expected - set(instants):
            yield f"I1: schedule {schedule_id} lacks {len(missing)} instants, from {min(missing)}"
        if len(instants) != len(set(instants)) or set(instants) - expected:
            yield f"I1: schedule {schedule_id} has runs that are not its instants"


def _clicks(session: Session, plan: Plan, answers: Iterable[tuple[int, int]]) -> Iterator[str]:
    """I1: each click has one row, which both of its submits were answered with."""
    clicked = set(session.scalars(select(Run.id).where(Run.trigger == Trigger.PERSON)))
    if len(clicked) != plan.clicks:
        yield f"I1: {len(clicked)} runs for {plan.clicks} clicks"
    for first, second in answers:
        if first != second or first not in clicked:
            yield f"I1: one click was answered with the runs {first} and {second}"


def _ends(session: Session) -> Iterator[str]:
    """I2 and I3: each row is final, with exactly one final event, which says the same."""
    states = select(Run.id, Run.state).where(Run.state.not_in(FINAL))
    yield from (f"I2: run {id_} is {state}" for id_, state in session.execute(states))
    final = (
        select(RunEvent.run_id, func.count().label("number"), func.min(RunEvent.state).label("is"))
        .where(RunEvent.state.in_(FINAL))
        .group_by(RunEvent.run_id)
        .subquery()
    )
    rows = session.execute(
        select(Run.id, Run.state, final.c.number, final.c["is"])
        .join(final, final.c.run_id == Run.id, isouter=True)
        .where(Run.state.in_(FINAL))
    )
    for id_, state, number, said in rows:
        if number != 1 or said != state:
            yield f"I3: run {id_} is {state} and has {number or 0} final events ({said})"


def _truth(session: Session, effects: Effects) -> Iterator[str]:
    """I4: succeeded means that this attempt had its effect and its file; all else says why."""
    for run, task in session.execute(select(Run, TaskDefinition).join(Run.task)):
        key = (run.id, run.attempt)
        if run.state is RunState.SUCCEEDED:
            if not effects.done[key]:
                yield f"I4: run {run.id} succeeded without the effect of attempt {run.attempt}"
            if task.settings["makes_file"] and not _has_file(session, run):
                yield f"I4: run {run.id} succeeded without the file of attempt {run.attempt}"
        elif not run.error and run.state not in (RunState.CANCELLED, RunState.SKIPPED):
            yield f"I4: run {run.id} is {run.state} and does not say why"
        if run.state is RunState.SKIPPED:
            yield f"I4: run {run.id} was skipped, although each instant has to run: {run.reason}"


def _has_file(session: Session, run: Run) -> bool:
    made = select(Artifact).where(Artifact.run_id == run.id, Artifact.attempt == run.attempt)
    artifact = session.scalars(made).one_or_none()
    return artifact is not None and artifact_path(artifact).stat().st_size == artifact.bytes


def _repeats(session: Session, effects: Effects) -> Iterator[str]:
    """I5: no attempt does its work twice, and none at all a second time where that is not safe."""
    for (run_id, attempt), number in (effects.started | effects.done).items():
        if number > 1:
            yield f"I5: attempt {attempt} of run {run_id} did its work {number} times"
    starts = Counter[int]()
    for run_id, _ in effects.started:
        starts[run_id] += 1
    rows = session.execute(
        select(Run.id, Run.attempt, TaskDefinition.safe_to_repeat).join(Run.task)
    )
    for run_id, attempt, safe_to_repeat in rows:
        if starts[run_id] > (attempt if safe_to_repeat else min(attempt, 1)):
            yield f"I5: run {run_id} began {starts[run_id]} times in {attempt} attempts"


def _unexplained(session: Session, faults: Sequence[Fault]) -> Iterator[str]:
    """An attempt is lost only where a fault hit its process while it lasted."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    for attempt in session.scalars(select(Attempt).where(Attempt.state == RunState.LOST)):
        if not any(_explains(fault, attempt, on_sqlite) for fault in faults):
            yield (
                f"attempt {attempt.number} of run {attempt.run_id} was lost without a fault: "
                f"{attempt.worker}, {attempt.started_at} to {attempt.finished_at}"
            )


def _explains(fault: Fault, attempt: Attempt, on_sqlite: bool) -> bool:
    ended_at = attempt.finished_at or attempt.started_at
    if fault.kind is FaultKind.CONNECTION:  # the answer to its claim may have been lost
        return abs(fault.at - attempt.started_at) <= CLOCKS
    if fault.at > ended_at + CLOCKS or fault.until < attempt.started_at - CLOCKS:
        return False
    if fault.kind is FaultKind.FREEZE and on_sqlite:  # whoever is frozen may hold the write lock
        return True
    return fault.kind in KILLING and int(attempt.worker.split(":")[-1]) in fault.pids
