"""The supervisor, with tiny real processes."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

from tasks.stack.supervisor import Part, Supervisor

PATIENCE = 20.0

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
PARENT = (
    "import subprocess, sys; "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); " + SLEEPER
)


class Screen:
    """Remembers what was said."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def say(self, part: str, line: str) -> None:
        self.lines.append((part, line))

    def count(self, part: str, text: str) -> int:
        return sum(name == part and text in line for name, line in self.lines)


def python(name: str, code: str, stop_seconds: float = 5) -> Part:
    return Part(name, (sys.executable, "-c", code), stop_seconds=stop_seconds)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def supervised(story: Callable[[Supervisor, Screen], Coroutine[None, None, None]]) -> Screen:
    """Run the story with a supervisor, and stop that whatever happens."""
    screen = Screen()

    async def run() -> None:
        supervisor = Supervisor(screen.say)
        try:
            await story(supervisor, screen)
        finally:
            await supervisor.stop()

    asyncio.run(run())
    return screen


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def group_of(leader: int) -> list[int]:
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [pid for pid in pids if is_alive(pid) and _group(pid) == leader]


def _group(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def test_a_part_that_is_killed_runs_again_within_two_seconds() -> None:
    async def story(supervisor: Supervisor, screen: Screen) -> None:
        keeper = supervisor.start(python("worker", SLEEPER))
        await until(lambda: screen.count("worker", "up") == 1)
        assert keeper.child is not None
        os.kill(keeper.child.pid, signal.SIGKILL)
        killed = time.monotonic()
        await until(lambda: screen.count("worker", "up") == 2)
        assert time.monotonic() - killed < 2

    screen = supervised(story)
    assert screen.count("worker", "was ended by SIGKILL; starting it again in 0.2 s") == 1


def test_the_pause_grows_while_a_part_dies_at_once() -> None:
    async def story(supervisor: Supervisor, screen: Screen) -> None:
        supervisor.start(python("beat", "raise SystemExit(3)"))
        await until(lambda: screen.count("beat", "starting it again in 0.8 s") == 1)

    screen = supervised(story)
    said = [line for _, line in screen.lines]
    assert said == [
        f"ended with exit code 3; starting it again in {pause} s" for pause in ("0.2", "0.4", "0.8")
    ]


def test_a_part_that_cannot_be_started_says_why() -> None:
    async def story(supervisor: Supervisor, screen: Screen) -> None:
        supervisor.start(Part("web", ("/nowhere/gunicorn",)))
        await until(lambda: screen.count("web", "cannot be started: No such file") == 1)

    supervised(story)


def test_what_a_dead_part_left_behind_is_ended_before_it_starts_again() -> None:
    async def story(supervisor: Supervisor, screen: Screen) -> None:
        keeper = supervisor.start(python("worker", PARENT))
        await until(lambda: screen.count("worker", "up") == 1)
        assert keeper.child is not None
        first = keeper.child.pid
        assert len(group_of(first)) == 2
        os.kill(first, signal.SIGKILL)
        await until(lambda: screen.count("worker", "up") == 2)
        assert group_of(first) == []

    supervised(story)


def test_parts_stop_in_the_reverse_order(tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    code = (
        "import signal, sys, time\n"
        "def end(*_):\n"
        "    open({ends!r}, 'a').write({name!r} + ' '); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n" + SLEEPER
    )

    async def story(supervisor: Supervisor, screen: Screen) -> None:
        for name in ("valkey", "worker", "web"):
            supervisor.start(python(name, code.format(ends=str(ends), name=name)))
        await until(lambda: all(screen.count(p, "up") for p in ("valkey", "worker", "web")))

    supervised(story)
    assert ends.read_text().split() == ["web", "worker", "valkey"]


def test_a_part_that_will_not_end_is_killed() -> None:
    pids = []

    async def story(supervisor: Supervisor, screen: Screen) -> None:
        keeper = supervisor.start(python("worker", STUBBORN, stop_seconds=0.2))
        await until(lambda: screen.count("worker", "up") == 1)
        assert keeper.child is not None
        pids.append(keeper.child.pid)

    screen = supervised(story)
    assert screen.count("worker", "did not end within 0.2 s and is killed") == 1
    assert not is_alive(pids[0])


def test_stopping_does_not_wait_for_the_pause_of_a_dying_part() -> None:
    async def story(supervisor: Supervisor, screen: Screen) -> None:
        keeper = supervisor.start(python("web", "raise SystemExit(1)"))
        keeper._pause = 600
        await until(lambda: screen.count("web", "starting it again in 600 s") == 1)

    supervised(story)


def test_an_errand_runs_once_and_says_how_it_ended() -> None:
    codes: list[int | None] = []

    async def story(supervisor: Supervisor, _screen: Screen) -> None:
        codes.append(await supervisor.run(python("prepare", "print('ready'); exit(4)")))

    screen = supervised(story)
    assert codes == [4]
    assert screen.lines == [("prepare", "ready")]


def test_an_errand_that_nobody_waits_for_any_more_is_stopped_too() -> None:
    pids = []

    async def story(supervisor: Supervisor, screen: Screen) -> None:
        errand = asyncio.create_task(supervisor.run(python("prepare", SLEEPER)))
        await until(lambda: screen.count("prepare", "up") == 1)
        (keeper,) = supervisor._errands
        assert keeper.child is not None
        pids.append(keeper.child.pid)
        errand.cancel()

    supervised(story)
    assert not is_alive(pids[0])


def test_a_line_longer_than_any_sensible_one_does_not_stop_the_reading() -> None:
    async def story(supervisor: Supervisor, screen: Screen) -> None:
        code = "print('x' * 3_000_000); " + SLEEPER
        supervisor.start(python("worker", code))
        await until(lambda: screen.count("worker", "up") == 1)

    supervised(story)


def test_no_child_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    script = f"""
import asyncio, sys
from tasks.stack.supervisor import Part, Supervisor
child = "import os, time; open({str(pids)!r}, 'a').write(str(os.getpid()) + ' '); time.sleep(600)"
async def run():
    supervisor = Supervisor(lambda part, line: None)
    for name in ("a", "b"):
        supervisor.start(Part(name, (sys.executable, "-c", child)))
    await asyncio.sleep(600)
asyncio.run(run())
"""
    supervisor = subprocess.Popen([sys.executable, "-c", script])

    async def story() -> None:
        await until(lambda: pids.exists() and len(pids.read_text().split()) == 2)
        children = [int(pid) for pid in pids.read_text().split()]
        supervisor.kill()
        await until(lambda: not any(is_alive(pid) for pid in children))

    try:
        asyncio.run(story())
    finally:
        supervisor.kill()
        supervisor.wait()
