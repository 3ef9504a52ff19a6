"""A source: a database that reports read."""

from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tasks.models.base import Base, JsonObject

MOST_REFUSALS = 2
"""So many refused logins in a row, and the source is not asked any more; HANA locks a user at 6."""


class SourceKind(StrEnum):
    HANA = "hana"
    SQL = "sql"
    DUCKDB = "duckdb"


class LoginState(StrEnum):
    """What is known of the login to a source."""

    UNTRIED = "untried"
    PROVEN = "proven"
    REFUSED = "refused"
    STOPPED = "stopped"
    """Refused so often that it is not tried any more."""


class Source(Base):
    __tablename__ = "source"

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[SourceKind]
    max_running: Mapped[int | None]
    """How many runs may read it at once; None for no limit."""
    settings: Mapped[JsonObject] = mapped_column(default=dict)
    """What tasks.sources.kinds says of its kind; never a password."""
    password_encrypted: Mapped[str | None] = mapped_column(Text)
    companies: Mapped[list[str]] = mapped_column(default=list)
    """The schemas that a report may name by `{schema}`."""
    quiet_from: Mapped[time | None]
    """From then to `quiet_to`, by the clock of the installation, no run begins to read it."""
    quiet_to: Mapped[time | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    login_version: Mapped[int] = mapped_column(default=1)
    """Goes up with each change of the login: what became of an older one counts no more."""
    proven_at: Mapped[datetime | None]
    """When this login last succeeded, by the database's clock; None after a refusal."""
    refusals: Mapped[int] = mapped_column(default=0)
    """How often in a row this login was refused."""
    refused_because: Mapped[str] = mapped_column(Text, default="")
    trying_until: Mapped[datetime | None]
    """While somebody tries a login that is not proven, the others wait; at most until then."""

    @property
    def login_state(self) -> LoginState:
        if self.refusals >= MOST_REFUSALS:
            return LoginState.STOPPED
        if self.refusals:
            return LoginState.REFUSED
        return LoginState.UNTRIED if self.proven_at is None else LoginState.PROVEN

    def forget_login(self) -> None:
        """Let a changed login begin anew, whatever became of the one before."""
        self.login_version += 1
        self.proven_at = self.trying_until = None
        self.refusals, self.refused_because = 0, ""


def is_quiet(
    quiet_from: time | None, quiet_to: time | None, *, now: datetime, zone: ZoneInfo
) -> bool:
    """Whether these quiet hours hold now, by the clock of the zone; they may pass midnight."""
    if quiet_from is None or quiet_to is None:
        return False
    at = now.astimezone(zone).time()
    if quiet_from <= quiet_to:
        return quiet_from <= at < quiet_to
    return at >= quiet_from or at < quiet_to
