"""The health of the parts: what works, what does not, and what to do then."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.clock import utcnow
from tasks.db import db_now
from tasks.errors import mark
from tasks.keeping.disk import MEGABYTE
from tasks.models import SchedulerMark, Worker
from tasks.queries.remembered import remembered
from tasks.settings import settings

PING_SECONDS = 0.5
WORKER_SEEN_WITHIN = timedelta(seconds=15)
TICK_WITHIN = timedelta(seconds=10)
LEAST_FREE_BYTES = 1_000_000_000

TITLES = {
    "database": mark("Database"),
    "broker": mark("Broker"),
    "workers": mark("Workers"),
    "scheduler": mark("Scheduler"),
    "disk": mark("Disk"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `sentence` and `cure` are to be translated, then filled with `values`.

    A length among the values is a timedelta of whole seconds.
    """

    name: str
    ok: bool
    sentence: str
    cure: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return TITLES[self.name]


@dataclass(frozen=True, slots=True)
class Health:
    """All parts, looked at in one moment."""

    parts: tuple[Part, ...]
    looked_at: datetime

    @property
    def ok(self) -> bool:
        return all(part.ok for part in self.parts)


def health(session: Session, now: datetime) -> Health:
    """Look at each part; raises the database's own error where that does not answer."""
    workers = _workers(session)  # the first to ask the database
    parts = (_database(session), broker(), workers, _scheduler(session), disk())
    return Health(parts, now)


@remembered(seconds=5)
def health_lately(session: Session) -> Health:
    """Return what was seen in the last five seconds, for screens that ask often."""
    return health(session, utcnow())


def mark_at(session: Session, name: str) -> datetime | None:
    """Return when the scheduler left the mark of this name; None where it never did."""
    return session.scalar(select(SchedulerMark.at).where(SchedulerMark.name == name))


def live_workers(session: Session) -> Sequence[Worker]:
    """Return the workers that were seen a moment ago."""
    seen = select(Worker).where(Worker.last_seen_at > db_now(-WORKER_SEEN_WITHIN))
    return session.scalars(seen).all()


def broker() -> Part:
    """Look at the broker."""
    url = settings().broker_url
    try:
        with Redis.from_url(
            url, socket_timeout=PING_SECONDS, socket_connect_timeout=PING_SECONDS
        ) as client:
            client.ping()
    except (RedisError, OSError):
        return Part(
            "broker",
            False,
            mark("The broker does not answer. Runs are kept, and start once it is back."),
            mark("Start Valkey or Redis, and check ORCHESTRATOR_BROKER_URL."),
        )
    return Part("broker", True, mark("The broker answers."))


def disk() -> Part:
    """Look at the room in the home folder."""
    try:
        free = shutil.disk_usage(settings().home_dir).free
    except OSError:
        return Part(
            "disk",
            False,
            mark("The home folder cannot be read."),
            mark("Check ORCHESTRATOR_HOME_DIR and who may enter that folder."),
        )
    values = {"free": free // 1_000_000_000}
    least = settings().disk_free_megabytes
    if free < least * MEGABYTE:
        return Part(
            "disk",
            False,
            mark("Only {free} MB are free in the home folder, so no run begins there."),
            mark("Delete old files, or give the folder more room; {least} MB have to be free."),
            {"free": free // MEGABYTE, "least": least},
        )
    if free < LEAST_FREE_BYTES:
        return Part(
            "disk",
            False,
            mark("Only {free} GB are free in the home folder."),
            mark("Delete old files, or give the folder more room."),
            values,
        )
    return Part("disk", True, mark("{free} GB are free in the home folder."), values=values)


def _database(session: Session) -> Part:
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[session.get_bind().dialect.name]
    return Part("database", True, mark("{kind} answers."), values={"kind": kind})


def _workers(session: Session) -> Part:
    seen = live_workers(session)
    if not seen:
        return Part(
            "workers",
            False,
            mark("No worker is there, so nothing runs."),
            mark("Start one with “orchestrator worker”."),
        )
    slots = sum(worker.slots for worker in seen)
    values = {"workers": len(seen), "slots": slots}
    sentence = mark("Workers: {workers}, with room for {slots} runs.")
    return Part("workers", True, sentence, values=values)


def _scheduler(session: Session) -> Part:
    now = session.scalar(select(db_now()))
    ticked_at = mark_at(session, "tick")
    cure = mark("Start it with “orchestrator beat”.")
    if now is None or ticked_at is None:
        never = mark("The scheduler has never ticked, so no schedule fires.")
        return Part("scheduler", False, never, cure)
    age = timedelta(seconds=max(round((now - ticked_at).total_seconds()), 0))
    if age >= TICK_WITHIN:
        silent = mark("The scheduler ticked {age} ago and not since, so no schedule fires.")
        return Part("scheduler", False, silent, cure, {"age": age})
    sentence = mark("The scheduler ticks; it did {age} ago.")
    return Part("scheduler", True, sentence, values={"age": age})
