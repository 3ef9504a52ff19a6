"""The processes of the product as the soak keeps them: what it kills is started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.engine.running_stack import children_of
from tests.support.probe import CHECKOUT, ON_PATH

WORKERS = 2
BEATS = 2
SLOTS = 2
LISTENS = {"worker": b" ready.\n", "beat": b"beat: Starting...\n"}
"""What each says once it can be stopped in good order."""


@dataclass(slots=True)
class Part:
    """A worker or a beat: the leader of a process group, its output in a file of its own."""

    name: str
    command: Sequence[str]
    output: Path
    process: subprocess.Popen[bytes] | None = None
    killed: bool = False
    """Whether the soak has killed what is running now."""
    deaths: list[int] = field(default_factory=list)
    """Exit codes of ends that nobody asked for."""
    _said_before: int = 0

    @property
    def is_worker(self) -> bool:
        return self.command[0] == "worker"

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self) -> None:
        with self.output.open("ab") as output:
            self._said_before = output.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tasks.cli.main", *self.command],
                env=_environment(),
                cwd=CHECKOUT,
                start_new_session=True,
                stdout=output,
                stderr=output,
            )
        self.killed = False

    def revive(self) -> None:
        """Start it again where it has ended."""
        if self.process is None or (code := self.process.poll()) is None:
            return
        if not self.killed:
            self.deaths.append(code)
        self.start()

    def listens(self) -> bool:
        """Whether it hears an order to stop; one that comes while it still starts just ends it."""
        with self.output.open("rb") as output:
            output.seek(self._said_before)
            return LISTENS[self.command[0]] in output.read()

    def tree(self) -> list[int]:
        """The leader and its children."""
        return [self.pid, *children_of(self.pid)]

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group, if there is one."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it and its children as a crash of the machine would."""
        self.killed = True
        self.signal(signal.SIGKILL)

    def stop(self, *, seconds: float) -> bool:
        """Ask it to end; whether it did so in time and by itself."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(timeout=seconds) == 0
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait(timeout=10)
            return False


def all_parts(folder: Path) -> list[Part]:
    """Two workers and two beats, not started yet."""
    workers = [(f"worker-{n}", ("worker", f"--slots={SLOTS}")) for n in range(WORKERS)]
    beats = [(f"beat-{n}", ("beat",)) for n in range(BEATS)]
    return [Part(name, command, folder / f"{name}.out") for name, command in (*workers, *beats)]


def _environment() -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": ON_PATH}
