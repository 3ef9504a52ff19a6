"""What a soak promises: tasks, schedules and clicks, all of them from one seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tasks.db import transaction
from tasks.errors import ErrorKind
from tasks.models import CatchUp, ScheduleKind, TaskDefinition
from tasks.scheduling.edit import create_schedule

TASKS = 8
SCHEDULED = 0.8
"""The part of the runs that schedules promise; the others are clicks."""
A_SECOND = 25
"""How many runs are promised a second, where nothing else is asked for."""
INTERVAL = timedelta(seconds=1)
LEAD = timedelta(seconds=3)
"""How long after its making a schedule starts, so that none is behind before the first tick."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is promised, from which seed, over how many seconds."""

    runs: int
    seed: int
    seconds: int

    @property
    def schedules(self) -> int:
        """How many schedules there are; each is due once a second."""
        return max(round(self.runs * SCHEDULED / self.seconds), 1)

    @property
    def clicks(self) -> int:
        return self.runs - self.schedules * self.seconds

    def instants(self, starts_at: datetime) -> Iterator[datetime]:
        """What each schedule has to fire, counted without the product's own code."""
        return (starts_at + number * INTERVAL for number in range(1, self.seconds + 1))


def a_plan(runs: int, *, seed: int, seconds: int | None = None) -> Plan:
    """Plan so many runs."""
    return Plan(runs, seed, seconds or max(runs // A_SECOND, 10))


def make_tasks(plan: Plan, effects: Path) -> list[TaskDefinition]:
    """Save the tasks: half are safe to repeat, some try again after an error, some make a file."""
    chance = random.Random(plan.seed)
    tasks = [_task(number, plan, effects, chance.randint(0, 9)) for number in range(TASKS)]
    with transaction() as session:
        session.add_all(tasks)
    return tasks


def make_schedules(plan: Plan, tasks: Sequence[TaskDefinition], *, now: datetime) -> datetime:
    """Save the schedules; returns the instant from which they count."""
    starts_at = now.replace(microsecond=0) + LEAD
    with transaction() as session:
        for number in range(plan.schedules):
            create_schedule(
                session,
                tasks[number % len(tasks)],
                now=now,
                name=f"soak {number}",
                kind=ScheduleKind.INTERVAL,
                interval_seconds=int(INTERVAL.total_seconds()),
                timezone="UTC",
                starts_at=starts_at + INTERVAL,
                ends_at=starts_at + plan.seconds * INTERVAL,
                catch_up=CatchUp.ALL,
                enabled=True,
                parameters={},
                priority=None,
            )
    return starts_at


def _task(number: int, plan: Plan, effects: Path, priority: int) -> TaskDefinition:
    kinds = [ErrorKind.WORKER_LOST, *([ErrorKind.JOB] if number % 4 == 0 else [])]
    return TaskDefinition(
        slug=f"soak-{number}",
        title=f"Soak {number}",
        job="soak",
        settings={"seed": plan.seed, "effects": str(effects), "makes_file": number % 3 == 0},
        priority=priority,
        safe_to_repeat=number % 2 == 0,
        timeout_seconds=60,
        retry_delay_seconds=0,
        retry_on=[str(kind) for kind in kinds],
    )
