"""Keeps parts running: starts them, starts them again when they die, stops them in order."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from logging import getLogger
from signal import Signals

from tasks.stack.children import Child

log = getLogger(__name__)

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
SETTLED_AFTER = 10.0
"""Seconds: what lived for this long did not die at once."""

Say = Callable[[str, str], None]
"""Shows a line of a part: its name, and the line."""


@dataclass(frozen=True)
class Part:
    """A program to keep running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: float = 10
    """How long it may take to end by itself after SIGTERM."""


class Keeper:
    """Keeps one part running until it is told to stop."""

    def __init__(self, part: Part, say: Say) -> None:
        self.part = part
        self.say = say
        self.child: Child | None = None
        self._stopping = asyncio.Event()
        self._pause = FIRST_PAUSE
        self._last_lines: deque[str] = deque(maxlen=20)

    async def keep(self) -> None:
        """Run the part, again and again; the pause grows while it dies at once."""
        while not self._stopping.is_set():
            began = time.monotonic()
            code = await self.run_once()
            if self._stopping.is_set():
                return
            pause = self._next_pause(time.monotonic() - began)
            self.tell(f"{how_it_ended(code)}; starting it again in {pause:g} s")
            log.warning(
                "part died",
                extra={"part": self.part.name, "code": code, "said": "\n".join(self._last_lines)},
            )
            await self._sleep(pause)

    async def run_once(self) -> int | None:
        """Run the part to its end; return its exit code, None where it could not be started."""
        try:
            self.child = child = await Child.start(self.part.command, self.part.environment)
        except OSError as error:
            self.tell(f"cannot be started: {error.strerror}")
            return None
        if self._stopping.is_set():  # we were told while it started
            child.kill_group()
        shown = asyncio.create_task(self._show_output(child))
        code = await asyncio.shield(child.ended)  # whoever gives up waiting does not end it
        await shown
        return code

    async def stop(self) -> None:
        """Ask the part to end, then end it; nothing of its group is left."""
        self._stopping.set()
        if self.child is None:
            return
        self.child.terminate()
        ended, _ = await asyncio.wait({self.child.ended}, timeout=self.part.stop_seconds)
        if not ended:
            self.tell(f"did not end within {self.part.stop_seconds:g} s and is killed")
            self.kill()
            await self.child.ended

    def kill(self) -> None:
        """End the part at once."""
        self._stopping.set()
        if self.child is not None and self.child.is_alive:
            self.child.kill_group()

    def tell(self, line: str) -> None:
        """Show a line in the name of the part."""
        self.say(self.part.name, line)

    async def _show_output(self, child: Child) -> None:
        while True:
            try:
                line = await child.output.readline()
            except ValueError:  # longer than the limit, and dropped
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            self._last_lines.append(text)
            self.tell(text)

    def _next_pause(self, lived: float) -> float:
        """Return the pause before the next start, and let the one after that grow."""
        if lived >= SETTLED_AFTER:
            self._pause = FIRST_PAUSE
        pause = self._pause
        self._pause = min(pause * 2, LONGEST_PAUSE)
        return pause

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


class Supervisor:
    """Keeps several parts; stops them in the reverse of the order they were started in."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self._kept: list[tuple[Keeper, asyncio.Task[None]]] = []
        self._errands: set[Keeper] = set()

    def start(self, part: Part) -> Keeper:
        """Start a part and keep it running."""
        keeper = Keeper(part, self.say)
        self._kept.append((keeper, asyncio.create_task(keeper.keep(), name=part.name)))
        return keeper

    async def run(self, part: Part) -> int | None:
        """Run a part once, to its end; return its exit code."""
        keeper = Keeper(part, self.say)
        self._errands.add(keeper)
        try:
            return await keeper.run_once()
        finally:
            self._errands.discard(keeper)

    async def stop(self) -> None:
        """Stop everything: errands first, then the parts, the last one first."""
        for errand in list(self._errands):
            await errand.stop()
        while self._kept:
            keeper, loop = self._kept[-1]
            await keeper.stop()
            await loop
            self._kept.pop()

    def kill(self) -> None:
        """End everything at once."""
        for errand in list(self._errands):
            errand.kill()
        for keeper, _ in self._kept:
            keeper.kill()


def how_it_ended(code: int | None) -> str:
    """Return in words what the exit code says."""
    if code is None:
        return "did not start"
    return f"was ended by {Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
