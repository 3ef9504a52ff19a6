"""What is looked at while the soak runs: the broker's queues, and what the processes hold."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from redis import Redis
from redis.exceptions import RedisError

from tasks.settings import settings
from tests.soak.parts import Part

BROKER_EVERY = 0.25
PROCESSES_EVERY = 2.0
LOADING_SAMPLES = 6
"""A process is still loading for so many samples, or a third of its life: these are left out."""
FEWEST_SAMPLES = 6
"""A process that lived for fewer samples than these says nothing."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a process holds: anonymous memory in bytes, and open descriptors.

    Anonymous memory, since the proportional share of a child grows when its sister is killed.
    """

    memory: int
    descriptors: int


@dataclass(slots=True)
class Watch:
    """Looks now and again; the figures are read when the soak is over."""

    parts: Sequence[Part]
    longest_queue: int = 0
    samples: dict[tuple[str, int], list[Held]] = field(default_factory=dict)
    """By the part's name and the process."""
    _next_broker: float = 0.0
    _next_processes: float = 0.0

    def look(self) -> None:
        now = time.monotonic()
        if now >= self._next_broker:
            self._next_broker = now + BROKER_EVERY
            self.longest_queue = max(self.longest_queue, messages())
        if now >= self._next_processes:
            self._next_processes = now + PROCESSES_EVERY
            for key in [(part.name, pid) for part in self.parts for pid in part.tree()]:
                if (held := _held(key[1])) is not None:
                    self.samples.setdefault(key, []).append(held)

    def growth(self) -> Held:
        """The most that any process that lived for long enough has grown by."""
        settled = [
            samples[max(LOADING_SAMPLES, len(samples) // 3) :] for samples in self.samples.values()
        ]
        lived = [samples for samples in settled if len(samples) >= FEWEST_SAMPLES]
        return Held(
            max((_grown([one.memory for one in samples]) for samples in lived), default=0),
            max((_grown([one.descriptors for one in samples]) for samples in lived), default=0),
        )

    def write_down(self, path: Path) -> None:
        """Leave what each process held for whoever asks, a process in a line."""
        lines = [
            f"{name} {pid} " + " ".join(f"{one.memory}/{one.descriptors}" for one in samples) + "\n"
            for (name, pid), samples in self.samples.items()
        ]
        path.write_text("".join(lines))


def messages() -> int:
    """How many messages lie in the broker; 0 where it is away."""
    with Redis.from_url(settings().broker_url, socket_timeout=1) as broker:
        try:
            queues = broker.keys(f"{settings().broker_prefix}default*")
            return sum(broker.llen(queue) for queue in queues)
        except RedisError:
            return 0


def _held(pid: int) -> Held | None:
    """What a process holds now, None where it has ended."""
    folder = Path(f"/proc/{pid}")
    try:
        status = (folder / "status").read_text()
        descriptors = len(list((folder / "fd").iterdir()))
    except (FileNotFoundError, ProcessLookupError):
        return None
    lines = dict(line.split(":", 1) for line in status.splitlines())
    if "RssAnon" not in lines:  # it has ended, and waits for its parent
        return None
    return Held(int(lines["RssAnon"].split()[0]) * 1024, descriptors)


def _grown(values: Sequence[int]) -> int:
    return int(median(values[-3:]) - median(values[:3]))
