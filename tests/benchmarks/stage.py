"""Where a benchmark of the engine happens: a home, a database of its kind, a broker, processes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tasks.encryption import new_key
from tasks.settings import settings
from tests.support.databases import migrate, postgres, start_anew
from tests.support.stack import Processes
from tests.support.valkey import Valkey

DATABASES = ("sqlite", "postgresql")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Stage:
    """What one benchmark uses; the settings of this process are those of the stage."""

    home: Path
    database: str
    broker_url: str
    processes: Processes
    broker: redis.Redis

    def messages(self, priority: int = 5) -> int:
        """How many messages of this priority of ours the broker holds for the default queue."""
        key = f"{settings().broker_prefix}default\x06\x16{9 - priority}"
        return int(self.broker.llen(key))

    def messages_of(self, queue: str) -> int:
        """How many messages without a priority the broker holds for a queue of somebody else."""
        return int(self.broker.llen(queue))


@contextmanager
def stage(database: str) -> Iterator[Stage]:
    """Make a migrated database and a broker; ends the processes that were started on it."""
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="orchestrator-bench-")))
        url = f"sqlite:///{home / 'orchestrator.sqlite'}"
        if database == "postgresql":
            url = stack.enter_context(stack.enter_context(postgres()).database())
        else:
            migrate(url)
        (home / "valkey").mkdir()
        valkey = Valkey(home / "valkey")
        valkey.start()
        stack.callback(valkey.stop)
        _use(home, url, valkey.url)
        stack.callback(start_anew)
        processes = Processes({})
        stack.callback(processes.stop)
        broker = stack.enter_context(redis.Redis.from_url(valkey.url))
        yield Stage(home, database, valkey.url, processes, broker)


def _use(home: Path, url: str, broker_url: str) -> None:
    os.environ |= {
        "ORCHESTRATOR_HOME_DIR": str(home),
        "ORCHESTRATOR_DATABASE_URL": url,
        "ORCHESTRATOR_BROKER_URL": broker_url,
        "ORCHESTRATOR_SECRET_KEY": "a key for a benchmark only, never used elsewhere",
        "ORCHESTRATOR_ENCRYPTION_KEYS": new_key(),
        # Where nobody takes the messages, none of them is to be sent again meanwhile.
        "ORCHESTRATOR_REPUBLISH_SECONDS": "600",
        "BENCHMARK_STAMPS": str(home / "stamps"),
    }
    start_anew()


def cpu_seconds(leader: int) -> float:
    """Return what the processes of this leader's group used so far, with children that ended."""
    used = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _fields(folder)) and int(fields[2]) == leader:
            used += sum(int(ticks) for ticks in fields[11:15])
    return used / TICKS_A_SECOND


def _fields(folder: Path) -> list[str]:
    """Return the fields after the name; none where the process has just ended."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
