"""Who loaded which file: written before the first byte goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tasks.jobs.context import storable
from tasks.models import Artifact, Delivery, Download

LONGEST_ADDRESS = 64
LONGEST_ACTOR = 320
ONE_LOAD = timedelta(hours=1)
"""For so long further parts of a file belong to the load that began."""


@dataclass(frozen=True, slots=True)
class Loads:
    """How often a file was loaded, and by whom last."""

    count: int
    last_actor: str
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a file, from which network address, and by the link of which delivery."""

    name: str
    address: str
    delivery: Delivery | None = None


def note_download(
    session: Session, artifact: Artifact, who: Asker, *, goes_on: bool, now: datetime
) -> None:
    """Write down that the file is about to be loaded; once for a load in parts, which `goes_on`."""
    row = {
        "artifact_id": artifact.id,
        "actor": storable(who.name)[:LONGEST_ACTOR],
        "address": storable(who.address)[:LONGEST_ADDRESS],
        "delivery_id": None if who.delivery is None else who.delivery.id,
    }
    if goes_on and _is_known(session, row, since=now - ONE_LOAD):
        return
    session.add(Download(run_id=artifact.run_id, name=artifact.name, **row))


def loads_of(session: Session, artifact_ids: Iterable[int]) -> Mapping[int, Loads]:
    """Return by the id of a file how it was loaded; one that nobody loaded is left out."""
    newest = (
        select(func.max(Download.id).label("id"), func.count().label("count"))
        .where(Download.artifact_id.in_(list(artifact_ids)))
        .group_by(Download.artifact_id)
        .subquery()
    )
    rows = session.execute(
        select(Download.artifact_id, newest.c.count, Download.actor, Download.created_at).join(
            newest, newest.c.id == Download.id
        )
    )
    return {found: Loads(count, actor, at) for found, count, actor, at in rows if found}


def _is_known(session: Session, row: Mapping[str, object], *, since: datetime) -> bool:
    known = select(Download.id).filter_by(**row).where(Download.created_at > since)
    return session.scalar(known.limit(1)) is not None
