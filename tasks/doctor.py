"""The doctor: every part checked from where it is asked, and for each that ails a cure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tasks.channels.email import greet
from tasks.channels.errors import Unreachable
from tasks.db import db_now, reading
from tasks.errors import Invalid, JobError
from tasks.jobs.packages import load_packages
from tasks.jobs.registry import find_job
from tasks.keeping import remote
from tasks.keeping.errors import StoreAway
from tasks.models import Source, TaskDefinition
from tasks.queries.health import Part, broker, disk, health, live_workers
from tasks.schema import is_current
from tasks.sources.testing import try_source

CLOCKS_APART = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, what was seen, and what to do where it is not well."""

    check: str
    ok: bool
    message: str
    cure: str = ""


def examine(*, now: datetime) -> list[Check]:
    """Check each part; what cannot be looked at without the database is left out without it."""
    try:
        is_migrated = is_current()
    except DBAPIError as error:
        cure = "Start the database, and check ORCHESTRATOR_DATABASE_URL."
        return [Check("database", False, f"It cannot be used: {error.orig}", cure), *_outside()]
    if not is_migrated:
        message = "The tables are not those of this version."
        return [Check("migrations", False, message, "Run “orchestrator migrate”."), *_outside()]
    return [
        Check("migrations", True, "The tables are up to date."),
        *_inside(now),
        *_store(),
        _mail(),
    ]


def _outside() -> Iterator[Check]:
    yield _check(broker())
    yield _check(disk())
    yield from _store()
    yield _mail()


def _inside(now: datetime) -> Iterator[Check]:
    with reading() as session:
        found = [_check(part) for part in health(session, now).parts]
        found += [_clock(session, now), _jobs(session), _queues(session)]
        active = select(Source).where(Source.is_active).order_by(Source.slug)
        sources = session.scalars(active).all()
    yield from found
    yield from map(_source, sources)  # after the session: a source may take its time


def _check(part: Part) -> Check:
    values = {name: _said(value) for name, value in part.values.items()}
    return Check(part.name, part.ok, part.sentence.format(**values), part.cure.format(**values))


def _said(value: object) -> object:
    return f"{value.total_seconds():.0f} s" if isinstance(value, timedelta) else value


def _clock(session: Session, now: datetime) -> Check:
    there = session.scalar(select(db_now()))
    apart = abs(there - now) if there else timedelta()
    seconds = f"{apart.total_seconds():.1f} s"
    if apart > CLOCKS_APART:
        message = f"This machine's clock and the database's are {seconds} apart."
        return Check("clock", False, message, "Set both by NTP.")
    return Check("clock", True, f"This machine's clock and the database's agree within {seconds}.")


def _jobs(session: Session) -> Check:
    """Look whether what this machine has installed can do what the tasks want."""
    broken = [f"{one.package} ({one.why})" for one in load_packages()]
    if broken:
        message = f"Packages of jobs that cannot be loaded: {', '.join(broken)}."
        return Check("jobs", False, message, "Install them anew, or remove them.")
    wanted = session.execute(
        select(TaskDefinition.job, TaskDefinition.slug).where(TaskDefinition.is_active)
    ).all()
    missing = [f"{job} ({task})" for job, task in wanted if not _is_installed(job)]
    if missing:
        message = f"Jobs that tasks want and nobody has installed: {', '.join(missing)}."
        return Check("jobs", False, message, "Install their package, or switch the tasks off.")
    return Check("jobs", True, "Every task has its job.")


def _is_installed(job: str) -> bool:
    try:
        find_job(job)
    except Invalid:
        return False
    return True


def _queues(session: Session) -> Check:
    tasks = select(TaskDefinition.queue).where(TaskDefinition.is_active).distinct()
    served = {queue for worker in live_workers(session) for queue in worker.queues}
    alone = sorted(set(session.scalars(tasks)) - served)
    if alone:
        message = f"Queues that no worker takes from: {', '.join(alone)}."
        cure = f"Start “orchestrator worker --queues {','.join(alone)}”."
        return Check("queues", False, message, cure)
    return Check("queues", True, "Every queue has a worker.")


def _source(source: Source) -> Check:
    try:
        found = try_source(source)
    except JobError as error:
        cure = "Check the source's address, its user, and the way to it."
        return Check(f"source {source.slug}", False, error.message, cure)
    message = "It answers."
    if not found.only_reads:
        message += " Its user may do more than read: a test on its page says what."
    return Check(f"source {source.slug}", True, message)


def _store() -> Iterator[Check]:
    """Look at the store of files, where the installation names one."""
    if not remote.is_there():
        return
    try:
        remote.folders()
    except StoreAway as error:
        cure = "Check ORCHESTRATOR_ARTIFACTS_URL, its key and secret, and the way to the store."
        yield Check("store of files", False, error.message, cure)
    else:
        yield Check("store of files", True, "The store of files answers.")


def _mail() -> Check:
    try:
        greet()
    except Unreachable as error:
        return Check("mail", False, error.message, "Check ORCHESTRATOR_SMTP_URL.")
    return Check("mail", True, "The mail server answers.")
