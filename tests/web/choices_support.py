"""A company whose customers are to choose from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from tasks.db import transaction
from tasks.models import Source
from tasks.reports.choice_lists import forget_choices
from tasks.reports.choice_presets import QUERIES, Preset
from tasks.settings import settings
from tests.support.factories import a_source
from tests.support.valkey import Valkey

FORM = "/tasks/a-report/runs/new"
CHOICES = "/tasks/a-report/choices/customer"
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
CUSTOMER: dict[str, Any] = {
    "name": "customer",
    "type": "choice_sql",
    "label": "Customer",
    "sql": QUERIES[Preset.CUSTOMER],
}


@pytest.fixture(autouse=True)
def company(valkey_server: Valkey, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A company with three customers and a supplier."""
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()
    path = home / "demo.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE SCHEMA SBODEMOTR")
        connection.execute(
            """CREATE TABLE SBODEMOTR."OCRD" AS
            SELECT * FROM (VALUES ('C1', 'İstanbul Ağaç', 'C', 'İstanbul'),
            ('C2', 'Isparta <Gül>', 'C', 'Isparta'), ('C3', 'Deniz', 'C', 'İzmir'),
            ('S1', 'Iskele', 'S', 'Bursa')) AS t("CardCode", "CardName", "CardType", "City")"""
        )
    forget_choices()
    yield path
    forget_choices()


@pytest.fixture
def source(app: object) -> None:
    a_source()


@pytest.fixture
def two(app: object, company: Path) -> None:
    """Two companies that reports may choose, and an own schema that is neither."""
    with duckdb.connect(company) as connection:
        for schema, code in (("BETA", "B1"), ("OWN", "O1")):
            connection.execute(f"CREATE SCHEMA {schema}")
            connection.execute(
                f"""CREATE TABLE {schema}."OCRD" AS SELECT '{code}' AS "CardCode",
                'Deniz' AS "CardName", 'C' AS "CardType", 'İzmir' AS "City" """
            )
    a_source()
    with transaction() as session:
        source = session.scalars(select(Source)).one()
        source.companies = ["SBODEMOTR", "BETA"]
        source.settings = source.settings | {"schema": "OWN"}


def values(part: str) -> list[str]:
    return [one.split('"')[0] for one in part.split('data-value="')[1:]]
