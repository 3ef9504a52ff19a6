"""Where the faults happen: a database, a broker, a worker and a beat, all of them real."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.support.freezing import Part, freeze
from tests.support.stack import Processes
from tests.support.valkey import Valkey


@dataclass
class Stage:
    """What the faults of a module share; each of them leaves it whole, or says what it broke."""

    home: Path
    url: str
    broker: Valkey
    processes: Processes
    worker: Part | None = None
    beat: Part | None = None

    @property
    def on_postgresql(self) -> bool:
        return self.url.startswith("postgresql")

    def make_whole(self) -> None:
        """Start again what the fault before has ended."""
        if not self.broker.answers():
            self.broker.start()
        self.the_beat()
        self.the_worker()

    def the_worker(self) -> Part:
        """Return the worker that runs, started where there is none."""
        if self.worker is None or self.worker.poll() is not None:
            self.worker = self.processes.worker()
        return self.worker

    def the_beat(self) -> Part:
        """Return the beat that runs, started where there is none."""
        if self.beat is None or self.beat.poll() is not None:
            self.beat = self.processes.beat()
        return self.beat

    def without_worker(self) -> None:
        """Kill the worker with its children, as a crash of its machine would."""
        self.processes.kill(self.the_worker())

    def without_beat(self) -> None:
        self.processes.kill(self.the_beat())

    def freeze(self, part: Part) -> None:
        """Stop a part and its children where they are, as a paused virtual machine is."""
        freeze(part, self.url)

    @contextmanager
    def supervised(self) -> Iterator[None]:
        """Start the worker again whenever it exits, as systemd does, while the block runs."""
        over = threading.Event()

        def supervise() -> None:
            while not over.wait(0.1):
                self.the_worker()

        thread = threading.Thread(target=supervise)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def messages(self, queue: str = "default") -> int:
        """How many messages the broker holds for a queue, over all its priorities."""
        with redis.Redis.from_url(self.broker.url) as client:
            keys = client.keys(f"*{queue}*")
            lists = [key for key in keys if client.type(key) == b"list"]
            return sum(client.llen(key) for key in lists)

    def end(self) -> None:
        self.processes.stop()
        self.broker.stop()
        shutil.rmtree(self.home / "artifacts", ignore_errors=True)
