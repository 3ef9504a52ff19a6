"""The soak's job: a short wait, sometimes a long one or an error, and an effect that is counted."""

import os
import random
import time
from pathlib import Path

from tasks.errors import ErrorKind, JobError
from tasks.jobs.registry import JobContext, JobResult, ReportFile, job
from tasks.runs.files import publish_file

LONG_SECONDS = 6.0
LONG = 0.002
RAISES = 0.05


@job("soak")
def soak(context: JobContext, *, seed: int, effects: str, makes_file: bool = False) -> JobResult:
    """Wait, then have the effect, or raise instead; the seed, run and attempt decide."""
    run, attempt = (int(part) for part in context.folder.parts[-2:])
    chance = random.Random(f"{seed}:{run}:{attempt}")
    note(Path(effects), run, attempt, "start")
    time.sleep(LONG_SECONDS if chance.random() < LONG else chance.uniform(0.001, 0.030))
    if chance.random() < RAISES:
        _raise(chance)
    note(Path(effects), run, attempt, "effect")
    return JobResult(rows=1, files=_files(context) if makes_file else ())


def note(effects: Path, run: int, attempt: int, phase: str) -> None:
    """Append a line that is whole whoever writes at the same time, and dies with nobody."""
    file = os.open(effects, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(file, b"%d,%d,%s,%d\n" % (run, attempt, phase.encode(), os.getpid()))
    finally:
        os.close(file)


def _raise(chance: random.Random) -> None:
    if chance.random() < 0.5:
        raise JobError("The soak wants it so.", kind=ErrorKind.JOB, transient=True)
    raise RuntimeError("the soak wants it so")


def _files(context: JobContext) -> tuple[ReportFile, ...]:
    final = context.folder / "effect.txt"
    temporary = final.with_suffix(".part")
    temporary.write_text("done\n", "utf-8")
    publish_file(temporary, final)
    return (ReportFile(final, "text/plain", rows=1),)
