"""People who click twice: each click is submitted by two threads at once under one key."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy.exc import DBAPIError

from tasks.models import TaskDefinition
from tests.soak.plan import Plan
from tests.support.clicking import click

PATIENCE_SECONDS = 60
PERSON = "ayse"


class Clicks:
    """Submits the clicks of a plan, spread over its length; `due` is called often."""

    def __init__(self, plan: Plan, tasks: Sequence[TaskDefinition]) -> None:
        self._plan = plan
        self._tasks = tasks
        self._chance = random.Random(plan.seed)
        self._threads = ThreadPoolExecutor(max_workers=4)
        self._answers: list[tuple[Future[int], Future[int]]] = []
        self._began = time.monotonic()

    def submit_due(self) -> None:
        """Submit what a person would have clicked by now."""
        passed = min((time.monotonic() - self._began) / self._plan.seconds, 1.0)
        while len(self._answers) < int(passed * self._plan.clicks):
            task = self._chance.choice(self._tasks)
            key = f"click-{len(self._answers)}"
            first, second = (self._threads.submit(_click, task, key) for _ in range(2))
            self._answers.append((first, second))

    def answers(self) -> list[tuple[int, int]]:
        """The runs that both submits of each click were answered with, once all are."""
        self._threads.shutdown()
        return [(first.result(), second.result()) for first, second in self._answers]


def _click(task: TaskDefinition, key: str) -> int:
    """Click until there is an answer, as a person does; return the run's id."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return click(task, by=PERSON, request_key=key).id
        except DBAPIError:
            if time.monotonic() > until:
                raise
