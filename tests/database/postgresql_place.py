"""A PostgreSQL database with a user who may read it, and the sources of it."""

from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from tasks.db import transaction
from tasks.encryption import encrypt
from tasks.errors import JobError
from tasks.models import Source, SourceKind
from tasks.sources.postgresql import PostgresqlSource
from tasks.sources.sql_url import SqlSettings
from tests.support.proxy import Proxy

USER, PASSWORD = "source_reader", "Reader-2026"
LONG = "SELECT count(*) FROM generate_series(1, 1000000000) AS n"


@dataclass(frozen=True)
class Place:
    """A PostgreSQL database as a source sees it through a proxy, and its owner's connection."""

    proxy: Proxy
    database: str
    owner: psycopg.Connection[Any]

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}@127.0.0.1:{self.proxy.port}/{self.database}"

    def source(self, *, password: str = PASSWORD, **changed: object) -> PostgresqlSource:
        kept = {"url": self.url, "connect_seconds": 2, "query_seconds": 20}
        settings = SqlSettings.model_validate(kept | changed)
        return PostgresqlSource("Logo", settings, password=password, reader="stock-daily")


def rows_of(source: PostgresqlSource, sql: str, *parameters: object) -> list[tuple[object, ...]]:
    with source.query(sql, parameters) as result:
        return [tuple(row) for batch in result.batches() for row in batch]


def refusal(source: PostgresqlSource, sql: str = "SELECT 1 AS a") -> JobError:
    with pytest.raises(JobError) as refused:
        rows_of(source, sql)
    return refused.value


def a_row(place: Place, password: str) -> Source:
    settings = {"url": place.url, "schema": "company", "connect_seconds": 2, "query_seconds": 20}
    with transaction() as session:
        source = Source(slug="logo", title="Logo", kind=SourceKind.SQL, settings=settings)
        source.password_encrypted = encrypt(password)
        session.add(source)
    return source
