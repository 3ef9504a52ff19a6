"""The job `probe`: does the bad thing that its settings name, and writes down each step.

Each step is a line `run,attempt,phase,pid` in `probe.log` of the home folder, written at once.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel

from tasks.jobs.registry import JobContext, JobResult, Letter, ReportFile, Stopped, job
from tasks.runs.files import publish_file
from tasks.settings import settings

EVERY_SECONDS = 0.05


class Act(StrEnum):
    """What the job does between its start and its effect."""

    NOTHING = "nothing"
    WAIT = "wait"
    """Works in small steps until the file `until` is there, or the seconds are over."""
    SLEEP = "sleep"
    RAISE = "raise"
    KILL_ITSELF = "kill_itself"
    KILL_ITSELF_AFTER_EFFECT = "kill_itself_after_effect"
    KILL_PARENT = "kill_parent"
    DEAF = "deaf"
    """Goes on although it was told to stop."""
    DEAF_STATEMENT = "deaf_statement"
    """The same, in a statement of a database that was told to stop as well."""
    BLOCK = "block"
    """Waits in a C call that never returns and lets other threads run."""
    BLOCK_ALL = "block_all"
    """The same, and no other thread of the interpreter runs either."""


class ProbeSettings(BaseModel):
    """What the job does, on its attempts up to `attempts`."""

    act: Act = Act.NOTHING
    attempts: int = 1000
    seconds: float = 60.0
    until: str = ""
    artifact: bool = True
    recipients: list[str] = []


@job("probe")
def probe(context: JobContext, *, wanted: ProbeSettings) -> JobResult:
    """Write `start`, do the act, write `effect`, make the artifact, write `end`."""
    run, attempt = context.folder.parts[-2:]
    act = wanted.act if int(attempt) <= wanted.attempts else Act.NOTHING
    note = _notes(run, attempt)
    note("start")
    try:
        _ACTS.get(act, _nothing)(wanted, context, note)
    except Stopped:
        note("stopped")
        raise
    note("effect")
    if act is Act.KILL_ITSELF_AFTER_EFFECT:
        os.kill(os.getpid(), signal.SIGKILL)
    files = (_artifact(context.folder / "probe.txt", f"{run},{attempt}\n"),)
    letters = tuple(Letter(one, f"Run {run}", "See the file.") for one in wanted.recipients)
    note("end")
    return JobResult(files=files if wanted.artifact else (), letters=letters)


Note = Callable[[str], None]
Doing = Callable[[ProbeSettings, JobContext, Note], None]


def _notes(run: str, attempt: str) -> Note:
    path = settings().home_dir / "probe.log"

    def note(phase: str) -> None:
        line = f"{run},{attempt},{phase},{os.getpid()}\n".encode()
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(file, line)
        finally:
            os.close(file)

    return note


def _artifact(path: Path, content: str) -> ReportFile:
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(content)
    publish_file(temporary, path)
    return ReportFile(path, "text/plain", 1)


def _nothing(_wanted: ProbeSettings, _context: JobContext, _note: Note) -> None:
    pass


def _wait(wanted: ProbeSettings, context: JobContext, note: Note) -> None:
    over = time.monotonic() + wanted.seconds
    while time.monotonic() < over and not (wanted.until and Path(wanted.until).exists()):
        note("working")
        time.sleep(EVERY_SECONDS)
        context.check()


def _sleep(wanted: ProbeSettings, _context: JobContext, _note: Note) -> None:
    time.sleep(wanted.seconds)


def _raise(_wanted: ProbeSettings, _context: JobContext, _note: Note) -> None:
    raise RuntimeError("the probe broke, as it was told")


def _kill_itself(_wanted: ProbeSettings, _context: JobContext, _note: Note) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _kill_parent(wanted: ProbeSettings, _context: JobContext, _note: Note) -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(wanted.seconds)


def _deaf(wanted: ProbeSettings, _context: JobContext, note: Note) -> None:
    over = time.monotonic() + wanted.seconds
    while time.monotonic() < over:
        try:
            time.sleep(EVERY_SECONDS)
        except Stopped:
            note("deaf")


def _deaf_statement(wanted: ProbeSettings, context: JobContext, note: Note) -> None:
    with context.interrupting(lambda: note("interrupted")):
        _deaf(wanted, context, note)


def _block(library: ctypes.CDLL) -> None:
    """Take a lock that is taken: a signal does not end this call."""
    mutex = ctypes.create_string_buffer(128)
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_lock(mutex)


def _block_thread(_wanted: ProbeSettings, _context: JobContext, _note: Note) -> None:
    _block(ctypes.CDLL(None))


def _block_interpreter(_wanted: ProbeSettings, _context: JobContext, _note: Note) -> None:
    _block(ctypes.PyDLL(None))


_ACTS: dict[Act, Doing] = {
    Act.WAIT: _wait,
    Act.SLEEP: _sleep,
    Act.RAISE: _raise,
    Act.KILL_ITSELF: _kill_itself,
    Act.KILL_PARENT: _kill_parent,
    Act.DEAF: _deaf,
    Act.DEAF_STATEMENT: _deaf_statement,
    Act.BLOCK: _block_thread,
    Act.BLOCK_ALL: _block_interpreter,
}
