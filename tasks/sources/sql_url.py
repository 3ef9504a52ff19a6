"""Where a database behind a SQLAlchemy URL is: checked, so that it names no file of this machine.

libpq reads keys, passwords and whole services from files that a URL may name, and takes a path for
a socket. Nothing of that is needed to read a report's rows, so only what is listed here is taken,
of PostgreSQL as of SQL Server.
"""

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from tasks.errors import Invalid

SQL_SERVER = "mssql+pytds"
DRIVERS = {"postgresql+psycopg": 5432, SQL_SERVER: 1433}
"""The drivers that are allowed, with the port where their database usually listens."""
OPTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "postgresql+psycopg": {
        "sslmode": ("disable", "prefer", "require", "verify-full"),
        "sslrootcert": ("system",),
    },
    SQL_SERVER: {"encrypt": ("yes", "no"), "trust_server_certificate": ("no", "yes")},
}
"""What may stand behind the question mark, and its values: nothing that names a file."""

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")

NAME = re.compile(r"[^/=\s\x00-\x1f]+")
URL_EXAMPLE = "postgresql+psycopg://user@host/database"


class SqlSettings(BaseModel):
    """Where the database is, and how long to wait for it; the password is kept apart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(min_length=1, max_length=500)
    schema_name: str = Field("", alias="schema", max_length=127)
    connect_seconds: int = Field(10, ge=2, le=120)
    query_seconds: int = Field(600, ge=1, le=86_400)

    @field_validator("url")
    @classmethod
    def _safe(cls, value: str) -> str:
        check_url(value)
        return value

    @property
    def parts(self) -> URL:
        return make_url(self.url)

    @property
    def port(self) -> int:
        return self.parts.port or DRIVERS[self.parts.drivername]

    @property
    def is_sql_server(self) -> bool:
        return self.parts.drivername == SQL_SERVER

    @property
    def address(self) -> str:
        """Host and port, for people."""
        return f"{self.parts.host}:{self.port}"


def check_url(text: str) -> None:
    """Raise Invalid where the URL is none, holds a password, or could lead to a file."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise Invalid(
            "This is no address such as {example}.", field="url", example=URL_EXAMPLE
        ) from None
    if url.drivername not in DRIVERS:
        raise Invalid(
            "No source can be read by {driver}. Possible: {known}.",
            field="url",
            driver=url.drivername,
            known=", ".join(DRIVERS),
        )
    if url.password is not None:
        raise Invalid(
            "Leave the password out of the address: it has a field of its own.", field="url"
        )
    _check_place(url)
    _check_options(url)


def _check_place(url: URL) -> None:
    if not HOST.fullmatch(url.host or ""):
        raise Invalid(
            "Name the host of the database, as in {example}.", field="url", example=URL_EXAMPLE
        )
    if not url.username or not NAME.fullmatch(url.database or ""):
        raise Invalid(
            "Name the user and the database, as in {example}.", field="url", example=URL_EXAMPLE
        )


def _check_options(url: URL) -> None:
    options = OPTIONS[url.drivername]
    for name, value in url.query.items():
        if value not in options.get(name, ()):
            raise Invalid(
                "“{name}” may not stand in the address so. Possible: {known}.",
                field="url",
                name=name,
                known=", ".join(f"{one}={two}" for one in options for two in options[one]),
            )
