"""A real `orchestrator up` for tests and benchmarks: started, read, stopped to the last child."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.ports import own_port

CHECKOUT = Path(__file__).parents[2]
PARTS = ("valkey", "worker", "beat", "web")
WORDS_OF_PARTS = {
    "valkey": "valkey-server",
    "worker": "tasks.cli.main worker",
    "beat": "tasks.cli.main beat",
    "web": "gunicorn",
}


class RunningStack:
    """One `up` in a home folder of its own."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.port = own_port()
        self.lines: list[str] = []
        self.seen: set[int] = set()
        """Every process of the stack that was ever looked at."""
        self.process = subprocess.Popen(
            [*COMMAND, "up", f"--port={self.port}", "--home", str(home), *options],
            env=clean_environment(),
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line.rstrip("\n"))

    def printed(self, pattern: str) -> re.Match[str] | None:
        """Return the first line that the pattern is found in."""
        return next((found for line in self.lines if (found := re.search(pattern, line))), None)

    def wait_for(self, pattern: str, *, seconds: float = 90) -> re.Match[str]:
        """Return the first line that the pattern is found in, once there is one."""
        until = time.monotonic() + seconds
        while not (found := self.printed(pattern)):
            ended = self.process.poll() is not None
            if ended or time.monotonic() > until:
                said = "\n".join(self.lines[-60:])
                raise AssertionError(f"not printed within {seconds} s: {pattern}\n{said}")
            time.sleep(0.02)
        return found

    def tree(self) -> list[int]:
        """Return the supervisor and everything below it."""
        below = [self.process.pid]
        for pid in below:
            below.extend(children_of(pid))
        self.seen.update(below)
        return below

    def part(self, name: str) -> int | None:
        """Return the process that the supervisor keeps under this name."""
        for pid in children_of(self.process.pid):
            if WORDS_OF_PARTS[name] in command_line(pid):
                return pid
        return None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command in this home, as in another terminal."""
        return subprocess.run(
            [*COMMAND, *arguments],
            env=clean_environment() | {"ORCHESTRATOR_HOME_DIR": str(self.home)},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def json(self, *arguments: str) -> Any:
        """Run another command that must succeed, and return what it printed."""
        answer = self.command(*arguments, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    def interrupt(self) -> int:
        """Press Ctrl-C; return the exit code."""
        self.tree()
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    def wait(self) -> int:
        code = self.process.wait(timeout=60)
        self._reading.join(timeout=10)
        return code

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process.poll() is None:
            self.interrupt()
        for pid in self.seen:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)


COMMAND = (sys.executable, "-m", "tasks.cli.main")


def clean_environment() -> dict[str, str]:
    """Return the environment without settings of ours: what counts is in the home folder."""
    kept = {name: value for name, value in os.environ.items() if "ORCHESTRATOR" not in name}
    return kept | {"PYTHONPATH": str(CHECKOUT), "PYTHONUNBUFFERED": "1"}


def children_of(pid: int) -> list[int]:
    try:
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return []


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def running_stack(home: Path, *options: str) -> Iterator[RunningStack]:
    """Run a stack for the length of the block."""
    stack = RunningStack(home, *options)
    try:
        yield stack
    finally:
        stack.end()
