"""The beats that people use with Celery today: celery-redbeat and sqlalchemy-celery-beat.

`python -m tests.benchmarks.peers NAME COUNT INSTANT` is such a beat, with so many schedules that
are due at the instant; they come from Celery's own `beat_schedule`, which both of them take over.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime

from celery import Celery
from celery.schedules import crontab

from tasks.settings import settings
from tests.benchmarks.stage import Stage
from tests.support.probe import CHECKOUT

QUEUE = "peer"
SCHEDULERS = {
    "redbeat": "redbeat.RedBeatScheduler",
    "sqlalchemy_celery_beat": "sqlalchemy_celery_beat.schedulers:DatabaseScheduler",
}


@dataclass(frozen=True, slots=True)
class Peer:
    """A beat to compare with, on a database and with as many schedules as it ends in time."""

    name: str
    database: str
    size: int


PEERS = (
    Peer("redbeat", "sqlite", 10_000),  # it keeps its schedules in the broker
    Peer("sqlalchemy_celery_beat", "sqlite", 1_000),
    Peer("sqlalchemy_celery_beat", "postgresql", 1_000),
)


def start_peer(here: Stage, name: str, count: int, due_at: datetime) -> subprocess.Popen[bytes]:
    """Start the beat in a process group of its own."""
    command = [sys.executable, "-m", __name__, name, str(count), due_at.isoformat()]
    with (here.home / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=CHECKOUT, stdout=log, stderr=log, start_new_session=True
        )


def main(name: str, count: int, due_at: datetime) -> None:
    """Be the beat."""
    os.chdir(settings().home_dir)
    app = Celery(name, broker=settings().broker_url)
    when = crontab(minute=due_at.minute, hour=due_at.hour)
    app.conf.update(
        timezone="UTC",
        task_default_queue=QUEUE,
        task_ignore_result=True,
        redbeat_redis_url=settings().broker_url,
        redbeat_redis_options={},
        beat_dburi=_database_of_peer(),
        beat_schema="public" if settings().database.startswith("postgresql") else None,
        beat_schedule={
            f"number-{n}": {"task": "noop", "schedule": when, "args": [n]} for n in range(count)
        },
    )
    app.Beat(scheduler_cls=SCHEDULERS[name], loglevel="WARNING", quiet=True).run()


def _database_of_peer() -> str:
    """Return the URL of a database without our tables."""
    url = settings().database
    return url if url.startswith("postgresql") else f"sqlite:///{settings().home_dir / 'peer.db'}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
