"""Machines of their own, as far as the product can tell: a name, a home, a line to the others.

Each process of a host is told the host's name, works in the host's home folder, and reaches
PostgreSQL and Valkey through proxies that stand for the host's cable. Network name spaces would
show no more of the product and need rights that not every machine grants.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.proxy import Proxy, before_broker, before_postgres
from tests.support.stack import Processes, wait_for_start
from tests.support.valkey import Valkey


@dataclass(slots=True)
class Host:
    """A machine with its parts and its cable."""

    name: str
    home: Path
    cable: tuple[Proxy, Proxy]
    environment: dict[str, str]
    processes: Processes
    parts: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def worker(self) -> None:
        """Start a worker and wait until it takes messages."""
        self.parts.append(self.processes.worker(**self.environment))

    def beat(self) -> None:
        """Start a beat and wait until it says so; which beat it is that ticks, nobody can tell."""
        beat = self.processes.start("beat", environment=self.environment)
        self.parts.append(beat)
        said = self.home / "logs" / "celerybeat.log"
        what = f"beat starts on {self.name}"
        wait_for_start(beat, lambda: said.exists() and said.stat().st_size, what)

    def unplug(self) -> None:
        """Pull the cable: nothing arrives any more, and nobody is told."""
        for proxy in self.cable:
            proxy.lose_everything()

    def plug_in(self) -> None:
        """New connections work; what was open before is reset, as its other end has given up."""
        for proxy in self.cable:
            proxy.cut()
            proxy.heal()

    def freeze(self) -> None:
        """Stop every process where it is, as the pause of a virtual machine does."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def power_off(self) -> None:
        self._signal(signal.SIGKILL)
        for part in self.parts:
            part.wait(timeout=10)
        self.parts.clear()

    def _signal(self, number: signal.Signals) -> None:
        for part in self.parts:
            with suppress(ProcessLookupError):
                os.killpg(part.pid, number)


@contextmanager
def a_host(name: str, folder: Path, *, database: str, broker: Valkey) -> Iterator[Host]:
    """A host on which nothing runs yet; powered off at the end."""
    home = folder / name
    home.mkdir()
    with before_postgres(database) as (to_postgres, url), before_broker(broker) as (to_broker, at):
        environment = {
            "PROBE_HOST": name,
            "ORCHESTRATOR_HOME_DIR": str(home),
            "ORCHESTRATOR_DATABASE_URL": url,
            "ORCHESTRATOR_BROKER_URL": at,
        }
        host = Host(name, home, (to_postgres, to_broker), environment, Processes({}))
        try:
            yield host
        finally:
            host.power_off()
