"""What the SQL editor asks of a HANA, through the real driver."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tasks.clock import utcnow
from tasks.errors import ErrorKind, JobError
from tasks.reports.guard import check
from tasks.reports.parameters import definitions_of
from tasks.reports.plan_of import plan_of
from tasks.reports.preview import preview
from tasks.settings import settings
from tasks.sources.catalogue import FAILED, forget, names_of
from tests.support.factories import a_hana_source
from tests.support.hana import OTHER_SCHEMA, READER, SCHEMA, Hana
from tests.support.waiting import wait_until

MILLION = 'SELECT A."CardCode", B."ItemCode" FROM "OCRD" A, "OITM" B, "OWHS" C LIMIT 1000000'
LONG = 'SELECT COUNT(*) AS "C" FROM "JDT1" A, "JDT1" B, "JDT1" C'


@pytest.fixture
def source(sqlite_database: str, hana: Hana) -> Iterator[str]:
    """The name of a source that reads both companies of the server."""
    a_hana_source(hana.port, password=READER[1], companies=[SCHEMA, OTHER_SCHEMA])
    forget()
    yield "hana"
    forget()


def test_of_a_million_rows_hana_sends_no_more_than_are_shown(source: str, hana: Hana) -> None:
    seen = preview(source, MILLION, [], {})
    sent = hana.status().counts["rows"]
    assert (len(seen.rows), seen.more) == (50, True)
    assert sent <= 1 + 32 + 2 * 51, sent  # the driver may have asked once more ahead
    assert [column.name for column in seen.columns] == ["CardCode", "ItemCode"]


def test_nothing_of_a_preview_stays_open(source: str, hana: Hana) -> None:
    preview(source, MILLION, [], {})
    wait_until(lambda: hana.status().sessions == 0, "nobody is connected")


def test_values_are_bound(source: str, hana: Hana) -> None:
    hostile = '\'; DROP TABLE "OCRD"; --'
    asked = definitions_of([{"name": "code", "type": "text"}])
    sql = 'SELECT "CardCode" FROM {schema}."OCRD" WHERE "CardCode" = :code'
    assert preview(source, sql, asked, {"code": hostile}).rows == []
    told = {one["sql"] for one in hana.status().statements if "OCRD" in one["sql"]}
    assert told == {f'SELECT "CardCode" FROM "{SCHEMA}"."OCRD" WHERE "CardCode" = ?    '}


def test_the_first_of_several_companies_is_read(source: str, hana: Hana) -> None:
    asked = definitions_of([{"name": "company", "type": "companies"}])
    sql = 'SELECT COUNT(*) AS "N" FROM {schema}."OCRD"'
    preview(source, sql, asked, {"company": OTHER_SCHEMA})
    told = [one["sql"] for one in hana.status().statements if "OCRD" in one["sql"]]
    assert told == [f'SELECT COUNT(*) AS "N" FROM "{OTHER_SCHEMA}"."OCRD"']


def test_what_hana_refuses_is_told_at_its_place_in_the_authors_text(source: str) -> None:
    asked = definitions_of([{"name": "a_long_name", "type": "integer", "default": "1"}])
    sql = 'SELECT "CardCode"\nFROM {schema}."OCRD"\nWHERE 1 = :a_long_name AND "Nothing" = 1'
    with pytest.raises(JobError, match="^Line 3, column 28") as refused:
        preview(source, sql, asked, {})
    assert refused.value.kind is ErrorKind.SQL


def test_a_query_that_takes_too_long_is_ended_by_hana(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_PREVIEW_SECONDS", "1")
    settings.cache_clear()
    began = time.monotonic()
    with pytest.raises(JobError, match="longer than (the )?1 s"):
        preview(source, LONG, [], {})
    assert time.monotonic() - began < 10


def test_hana_has_no_plan_to_tell_without_writing(source: str, hana: Hana) -> None:
    assert plan_of(source, 'SELECT "CardCode" FROM "OCRD"', [], {}) is None
    assert not hana.status().statements


def test_the_tables_of_the_company_are_asked_for_once(source: str, hana: Hana) -> None:
    names = names_of(source)
    assert (names.schema, names.complete) == (SCHEMA, True)
    assert {"OINV", "INV1", "OCRD"} <= names.tables.keys()
    types = {column.name: column.type for column in names.tables["OINV"]}
    assert types["DocEntry"] == "INTEGER"
    assert types["DocDate"] in ("DATE", "TIMESTAMP")
    assert types["DocTotal"] == "DECIMAL(21,6)"
    assert types["CardName"].startswith("NVARCHAR(")
    asked = {one["sql"] for one in hana.status().statements if "_COLUMNS" in one["sql"]}
    assert len(asked) == 2
    assert names_of(source) is names
    assert hana.status().counts["connected"] == 3


def test_a_hana_that_failed_is_left_alone_for_seconds_and_then_asked_anew(
    source: str, hana: Hana
) -> None:
    hana.deafen()
    with pytest.raises(JobError) as refused:
        names_of(source)
    hana.hear()
    with pytest.raises(JobError, match=re.escape(str(refused.value))):
        names_of(source)
    assert hana.status().counts.get("connected", 0) == 0
    with time_machine.travel(utcnow() + FAILED):
        assert "OINV" in names_of(source).tables


def test_synonyms_of_the_company_and_of_everybody_are_known(source: str, hana: Hana) -> None:
    rows = "('PUBLIC', 'M_OF_ALL'), ('SBODEMOTR', 'STAFF'), ('SBODEMODE', 'STRANGE')"
    hana.run(f'INSERT INTO "SYS"."SYNONYMS" ("SCHEMA_NAME", "SYNONYM_NAME") VALUES {rows}')
    names = names_of(source)
    hana.run("""DELETE FROM "SYS"."SYNONYMS" WHERE "OBJECT_NAME" IS NULL""")
    assert {"M_OF_ALL", "STAFF", "M_DATABASE"} <= names.synonyms
    assert "STRANGE" not in names.synonyms
    catalogue = names.for_the_guard()
    assert catalogue is not None
    assert check('SELECT "x" FROM STAFF, TABLES', catalogue=catalogue).ok
    assert not check('SELECT "x" FROM STRANGE', catalogue=catalogue).ok


def test_another_company_has_names_of_its_own_and_a_third_is_refused(source: str) -> None:
    assert names_of(source, company=OTHER_SCHEMA).schema == OTHER_SCHEMA
    with pytest.raises(JobError, match="not allowed"):
        names_of(source, company="OTHERS")


def test_in_quiet_hours_and_after_refused_logins_hana_is_not_asked(
    sqlite_database: str, hana: Hana
) -> None:
    at, hour = utcnow().astimezone(settings().zone), timedelta(hours=1)
    hours = {"quiet_from": (at - hour).time(), "quiet_to": (at + hour).time()}
    a_hana_source(hana.port, slug="quiet", password=READER[1], **hours)
    with pytest.raises(JobError, match="quiet hours until"):
        preview("quiet", "SELECT 1 FROM DUMMY", [], {})
    a_hana_source(hana.port, slug="refused", refusals=2, refused_because="no")
    with pytest.raises(JobError, match="not asked any more"):
        preview("refused", "SELECT 1 FROM DUMMY", [], {})
    assert hana.status().counts.get("connected", 0) == 0


def test_long_texts_are_read_a_few_at_a_time_and_not_all(source: str) -> None:
    sql = """SELECT TO_NCLOB(LPAD('x', 300000, 'x')) AS "L" FROM "OCRD" """
    seen = preview(source, sql, [], {})
    assert [len(str(row[0])) for row in seen.rows] == [300_000] * 7
    assert seen.more
