"""A server of SQL Server's protocol, and a source that reads it through the real driver."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tasks.sources.mssql import MssqlSource
from tasks.sources.sql_url import SqlSettings
from tests.mssql_server import types
from tests.mssql_server.requests import Asked
from tests.mssql_server.server import TLS, Behaviour, Heard, Result, Server
from tests.mssql_server.tokens import Column
from tests.support.certificates import a_certificate

TEXT = types.nvarchar(128)


@dataclass
class Place:
    """The server, how it behaves, and the sources of it."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    options: str = "?encrypt=no"

    def __post_init__(self) -> None:
        self.server = Server(self.behaviour)

    @property
    def heard(self) -> Heard:
        return self.server.heard

    def url(self, host: str = "127.0.0.1") -> str:
        return f"mssql+pytds://logo_reader@{host}:{self.server.port}/TIGER{self.options}"

    def source(self, *, password: str = "Reader-2026", **changed: object) -> MssqlSource:
        kept = {"url": self.url(), "connect_seconds": 2, "query_seconds": 20}
        settings = SqlSettings.model_validate(kept | changed)
        return MssqlSource("Logo", settings, password=password, reader="stock-daily")

    def answers(self, answer: Result | Callable[[Asked], Result]) -> None:
        self.behaviour.answer = (lambda _asked: answer) if isinstance(answer, Result) else answer

    def speaks_tls(self, folder: Path, host: str) -> Path:
        """Give the server a certificate for this name; returns the certificate's file."""
        certificate, key = a_certificate(folder, host)
        self.behaviour.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.behaviour.tls.load_cert_chain(certificate, key)
        self.behaviour.offers = TLS
        return certificate


@pytest.fixture
def place() -> Iterator[Place]:
    made = Place()
    yield made
    made.server.close()


def rows_of(source: MssqlSource, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    with source.query(sql, parameters) as result:
        return [tuple(row) for batch in result.batches() for row in batch]


def rights(asked: Asked) -> Result:
    """Answer the test of a source: a user who may do more than read."""
    if "SERVERPROPERTY" in asked.sql:
        columns = [Column(name, TEXT) for name in ("", "", "")]
        return Result(columns, [("logo_reader", "dbo", "16.0.1000.6")])
    columns = [Column(name, TEXT) for name in ("", "role", "", "", "", "what")]
    told = [
        ("ROLE", "db_owner", "role", None, None, "MEMBER"),
        ("USER", "dbo", "tables", "dbo", None, "DELETE"),
        ("USER", "dbo", "tables", "dbo", None, "INSERT"),
    ]
    return Result(columns, told)
