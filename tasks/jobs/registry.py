"""What a task can do: jobs, registered by name, each with a model of its settings."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tasks.errors import Invalid


class Stopped(Exception):
    """The attempt must end now; why, the heartbeat knows."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A finished file in the job's folder."""

    path: Path
    media_type: str
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """What one recipient gets; the run's files go with it."""

    recipient: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class JobResult:
    """How a job ended well: what it read, made and wants sent; `reason` says what is unusual."""

    rows: int | None = None
    reason: str = ""
    files: tuple[ReportFile, ...] = ()
    letters: tuple[Letter, ...] = ()


@dataclass(slots=True)
class JobContext:
    """What a job may use: its task, the run's parameters, a folder, a log, the order to stop."""

    slug: str
    title: str
    settings: Mapping[str, Any]
    parameter_definitions: list[dict[str, Any]]
    parameters: Mapping[str, object]
    scheduled_for: datetime
    """In the zone of the schedule, or else of the installation."""
    log: logging.Logger
    stopped: Callable[[], bool]
    _folder: Path
    _cancels: list[Callable[[], None]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder for what the attempt makes, there from the first time it is asked for."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    def check(self) -> None:
        """Raise Stopped where the run was cancelled, timed out or taken over; call it often."""
        if self.stopped():
            raise Stopped

    @contextmanager
    def interrupting(self, cancel: Callable[[], None]) -> Iterator[None]:
        """While the block runs, an order to stop calls `cancel` from another thread."""
        self._cancels.append(cancel)
        try:
            yield
        finally:
            self._cancels.remove(cancel)

    def interrupt(self) -> None:
        """Call whatever can interrupt what the job waits for."""
        for cancel in tuple(self._cancels):
            cancel()


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its name, the model of its settings, and the function that does it."""

    name: str
    settings: type[BaseModel]
    perform: Callable[[JobContext], JobResult]


_jobs: dict[str, Job] = {}


def job(
    name: str, *, settings: type[BaseModel]
) -> Callable[[Callable[[JobContext], JobResult]], Callable[[JobContext], JobResult]]:
    """Register the decorated function as the job `name`."""

    def register(perform: Callable[[JobContext], JobResult]) -> Callable[[JobContext], JobResult]:
        _jobs[name] = Job(name, settings, perform)
        return perform

    return register


def find_job(name: str) -> Job:
    """Return the job of this name; raises Invalid where it is not installed."""
    import_module("tasks.jobs.report")  # registers itself; heavy, so not earlier
    if name not in _jobs:
        raise Invalid("There is no job “{name}”.", field="job", name=name)
    return _jobs[name]
