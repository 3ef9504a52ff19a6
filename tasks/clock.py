"""The application's only clock. Leases do not use it: they compare by the database's own."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 (the one place)
