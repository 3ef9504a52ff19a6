"""The login to a source: tried by one at a time until it is proven, and no more once refused twice.

A database locks a user after a few wrong passwords (HANA after six), and forty reports that begin
at nine o'clock would be enough. What is known of the login stands in the source's row; each change
of it is one conditional UPDATE in a transaction of its own, never around the call to the database.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, or_, select, update

from tasks.db import db_now, reading, transaction
from tasks.errors import ErrorKind, JobError
from tasks.models import Source
from tasks.models.source import MOST_REFUSALS

FRESH = timedelta(seconds=60)
"""For so long after a success any number may log in at once; then one has to prove it anew."""
SPARE_SECONDS = 5
"""How much longer than the connect itself the one who tries may take."""
LOOKS = (0.05, 0.15)
"""Seconds between two looks whether the one who tries has come to an end."""

_UNHURT = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Login:
    """The login of a source as it was when it was read; `asked` where a person wants it tried."""

    source_id: int
    title: str
    version: int
    connect_seconds: float
    asked: bool = False

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Stand around one try to connect, and keep what becomes of it.

        Raises JobError where it may not be tried, or where somebody else tries for too long.
        """
        until = self._admitted()
        news: dict[str, Any] = {}
        try:
            yield
            if until is not None:
                news = {"proven_at": db_now(), "refusals": 0, "refused_because": ""}
        except JobError as error:
            if error.kind is ErrorKind.SOURCE_REFUSED:
                refusals = Source.refusals + 1
                because = error.message
                news = {"proven_at": None, "refusals": refusals, "refused_because": because}
            raise
        finally:
            if until is not None or news:
                self._keep(news, until)

    def _admitted(self) -> datetime | None:
        """Wait for the turn; returns until when nobody else tries, None where all may."""
        patience = time.monotonic() + self.connect_seconds + SPARE_SECONDS
        while True:
            if self._is_fresh():
                return None
            if (until := self._take()) is not None:
                return until
            if time.monotonic() > patience:
                raise JobError(
                    "Another run has been trying to log in to the source “{source}” for "
                    "{seconds} s. It can be tried again.",
                    kind=ErrorKind.SOURCE_UNREACHABLE,
                    transient=True,
                    source=self.title,
                    seconds=round(self.connect_seconds + SPARE_SECONDS),
                )
            time.sleep(random.uniform(*LOOKS))  # noqa: S311 (no secret)

    def _is_fresh(self) -> bool:
        """Whether this login succeeded a moment ago; raises JobError where it is given up."""
        fresh = (Source.refusals == 0) & (Source.proven_at > db_now(-FRESH))
        wanted = select(Source.refusals, Source.refused_because, fresh).where(*self._same())
        with reading() as session:
            row = session.execute(wanted).one_or_none()
        if row is None:
            raise JobError(
                "The login of the source “{source}” was changed a moment ago. It can be tried "
                "again.",
                kind=ErrorKind.SOURCE_LOST,
                transient=True,
                source=self.title,
            )
        refusals, because, is_fresh = row
        if refusals >= MOST_REFUSALS and not self.asked:
            raise JobError(
                "The source “{source}” is not asked any more, since its login was refused "
                "{count} times and more tries could lock its user. Correct the user or the "
                "password on its page under Sources, or test it there. It was refused so: {why}",
                kind=ErrorKind.SOURCE_REFUSED,
                source=self.title,
                count=refusals,
                why=because,
            )
        return bool(is_fresh)

    def _take(self) -> datetime | None:
        """Be the one who tries; None where somebody else is."""
        lease = timedelta(seconds=self.connect_seconds + SPARE_SECONDS)
        free = or_(Source.trying_until.is_(None), Source.trying_until < db_now())
        wanted = [*self._same(), free]
        if not self.asked:
            wanted.append(Source.refusals < MOST_REFUSALS)
        taken = update(Source).where(*wanted).values(trying_until=db_now(lease))
        with transaction() as session:
            until: datetime | None = session.scalar(
                taken.returning(Source.trying_until), execution_options=_UNHURT
            )
        return until

    def _keep(self, news: dict[str, Any], until: datetime | None) -> None:
        """Write what became of the try, unless the login was changed; let the next one in."""
        others = case((Source.trying_until == until, None), else_=Source.trying_until)
        kept = update(Source).where(*self._same()).values(news | {"trying_until": others})
        with transaction() as session:
            session.execute(kept, execution_options=_UNHURT)

    def _same(self) -> tuple[ColumnElement[bool], ...]:
        return Source.id == self.source_id, Source.login_version == self.version
