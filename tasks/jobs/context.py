"""What a job is given, and what it gives back."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tasks.kinds import ArtifactRole, ChannelKind

LONGEST_PROGRESS = 200
"""Characters of the words of a progress; more are cut off."""


class Stopped(Exception):
    """The attempt must end now; why, the heartbeat knows."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A finished file in the job's folder; `part` says whose rows it holds, where it is split.

    `notice` tells its reader what the file cannot show, in the file's language.
    """

    path: Path
    media_type: str
    rows: int | None = None
    role: ArtifactRole = ArtifactRole.FILE
    part: str = ""
    notice: str = ""


REFUSED = "refused"
"""The word of a letter's target that says why it can go to nobody: it fails with this sentence."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one recipient gets over one channel; the run's files of its `part` go with it.

    `channel_slug` is empty for the installation's own mail server. `target` is what the channel
    needs beside the recipient. One that is `suppressed` is kept with that reason, and not sent.
    """

    recipient: str
    subject: str = ""
    body: str = ""
    html: str = ""
    part: str = ""
    channel: ChannelKind = ChannelKind.EMAIL
    channel_slug: str = ""
    target: Mapping[str, Any] = field(default_factory=dict)
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What the rows came to: see `tasks.models.RunResult`."""

    rows: int
    digest: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    was_to_send: bool = True


@dataclass(frozen=True, slots=True)
class JobResult:
    """How a job ended well: what it read, made and wants sent; `reason` says what is unusual."""

    rows: int | None = None
    reason: str = ""
    files: tuple[ReportFile, ...] = ()
    letters: tuple[Letter, ...] = ()
    result: Result | None = None


def storable(text: str) -> str:
    """Return the text as every database can keep it: without NUL and half characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total`, where that is known, and of what, in words."""

    done: int
    total: int | None = None
    text: str = ""


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
    run_id: int | None = None
    """The run that this is an attempt of; None outside of a run."""
    only_to: str | None = None
    """The one address that gets what is made: somebody tries the task out."""
    attempt: int = 1
    last_progress: Progress | None = None
    """What the job said last about how far it is; the heartbeat writes it to the run's row."""
    _cancels: list[Callable[[], None]] = field(default_factory=list)
    _asked: list[Callable[[], None]] = field(default_factory=list)
    _answered: list[Callable[[], None]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder for what the attempt makes, there from the first time it is asked for."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder

    @property
    def cancelled(self) -> bool:
        """Whether the attempt must end, for a job that ends a step in its own way."""
        return self.stopped()

    def check(self) -> None:
        """Raise Stopped where the run was cancelled, timed out or taken over; call it often."""
        if self.stopped():
            raise Stopped

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Say how far the job is; it costs nothing, so call it as often as there is news."""
        self.last_progress = Progress(done, total, storable(text)[:LONGEST_PROGRESS])

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
            self._asked.append(cancel)
            cancel()
            self._answered.append(cancel)

    @property
    def confirmed(self) -> bool | None:
        """Whether what was interrupted has ended since; None where nothing was interrupted.

        A `cancel` that never came back well confirms nothing.
        """
        if not self._asked:
            return None
        return all(one in self._answered and one not in self._cancels for one in self._asked)
