"""A SQL Server among the sources of the product: tested, read by runs, and looked at by people."""

from decimal import Decimal
from pathlib import Path

import pytest

from tasks.db import transaction
from tasks.encryption import encrypt
from tasks.errors import JobError
from tasks.jobs.registry import find_job
from tasks.models import Source, SourceKind
from tasks.reports.parameters import definitions_of
from tasks.reports.plan_of import plan_of
from tasks.reports.preview import preview
from tasks.sources.by_name import open_source
from tasks.sources.catalogue import names_of
from tasks.sources.kinds import place_of
from tasks.sources.testing import WideRight, try_source
from tests.mssql.conftest import TEXT, Place, rights
from tests.mssql_server import types
from tests.mssql_server.server import Result
from tests.mssql_server.tokens import Column
from tests.support.jobs import a_context

pytestmark = pytest.mark.usefixtures("database", "home")

STOCK = Result(
    (
        Column("KOD", types.varchar(25)),
        Column("MİKTAR", types.decimal(12, 3)),
        Column("TARİH", types.DATETIME),
    ),
    [("M-01", Decimal("1.500"), None), ("İ-02", None, None)],
)


def a_row(place: Place, password: str = "Reader-2026") -> Source:
    settings = {"url": place.url(), "schema": "dbo", "connect_seconds": 2, "query_seconds": 20}
    with transaction() as session:
        source = Source(slug="logo", title="Logo", kind=SourceKind.SQL, settings=settings)
        source.password_encrypted = encrypt(password)
        session.add(source)
    return source


def test_a_test_tells_who_reads_and_what_is_too_much(place: Place) -> None:
    place.answers(rights)
    found = try_source(a_row(place))
    assert (found.user, found.schema, found.product) == (
        "logo_reader",
        "dbo",
        "SQL Server 16.0.1000.6",
    )
    assert not found.guarded
    assert found.wide_rights == (
        WideRight(("MEMBER",), "", "db_owner"),
        WideRight(("DELETE", "INSERT"), "dbo"),
    )
    assert place.heard.logins[0].application == "Task Orchestrator"


def test_a_wrong_password_locks_nobody_out(place: Place) -> None:
    a_row(place, "wrong")
    said = []
    for _ in range(3):
        with pytest.raises(JobError) as refused, open_source("logo").query("SELECT 1", ()):
            pass
        said.append(refused.value.message)
    assert ["is not asked any more" in one for one in said] == [False, False, True]
    assert len(place.heard.logins) == 2


def test_a_report_is_written_from_it(place: Place, home: Path) -> None:
    place.answers(STOCK)
    a_row(place)
    sql = "SELECT KOD, MİKTAR, TARİH FROM {schema}.LG_001_ITEMS WHERE [ADI] LIKE :name AND D > :day"
    context = a_context(
        home / "artifacts",
        settings={"source": "logo", "sql": sql, "formats": ["csv"]},
        parameter_definitions=[
            {"name": "name", "type": "text", "label": "Name"},
            {"name": "day", "type": "date", "label": "Day"},
        ],
        parameters={"name": "100% 'İ'", "day": "2026-03-16"},
    )
    find_job("report").perform(context)
    [file] = (home / "artifacts").rglob("*.csv")
    assert file.read_text("utf-8-sig").splitlines() == [
        "KOD,MİKTAR,TARİH",
        "M-01,1.500,",
        "İ-02,,",
    ]
    asked = place.heard.asked[-1]
    assert " ".join(asked.sql.split()) == (
        'SELECT KOD, MİKTAR, TARİH FROM "dbo".LG_001_ITEMS WHERE [ADI] LIKE @P1 AND D > @P2'
    )
    assert asked.declared == "@P1 NVARCHAR(4000),@P2 DATE"
    assert "100% 'İ'".encode("utf-16-le") in asked.raw


def test_the_first_rows_are_seen_without_the_others(place: Place) -> None:
    many = [(f"M-{n}", n, None) for n in range(200)]
    place.answers(Result(STOCK.columns, many, hangs=True))
    a_row(place)
    code = definitions_of([{"name": "code", "type": "text", "default": "I1"}])
    seen = preview("logo", "SELECT KOD FROM t WHERE KOD <> :code", code, {})
    assert (len(seen.rows), seen.more) == (50, True)
    assert place.heard.logins[-1].application == "Task Orchestrator: SQL editor"


def test_it_tells_no_plan(place: Place) -> None:
    a_row(place)
    assert plan_of("logo", "SELECT 1 AS a", [], {}) is None
    assert place.heard.logins == []


def test_the_editor_is_told_its_tables(place: Place) -> None:
    columns = [Column(name, TEXT) for name in ("t", "c", "d")]
    place.answers(Result(columns, [("LG_001_ITEMS", "CODE", "varchar")]))
    a_row(place)
    found = names_of("logo")
    assert (found.schema, found.complete) == ("dbo", True)
    assert [one.name for one in found.tables["LG_001_ITEMS"]] == ["CODE"]


def test_its_place_is_told_to_people(place: Place) -> None:
    found = place_of(a_row(place))
    assert found.address == f"127.0.0.1:{place.server.port}"
    assert (found.user, found.schema, found.database) == ("logo_reader", "dbo", "TIGER")
