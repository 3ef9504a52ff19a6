"""A report over the demo company, which has one schema: its own, and no other."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.db import transaction
from tasks.errors import ErrorKind, Invalid, JobError
from tasks.jobs.registry import find_job
from tasks.models import Source
from tests.support.factories import a_source
from tests.support.jobs import a_context
from tests.unit.render.files import book_of, values_of

SQL = 'SELECT "N" FROM {schema}."T"'
ONE = {"name": "company", "type": "company", "required": False}


@pytest.fixture
def demo(sqlite_database: str, home: Path) -> Source:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute('CREATE TABLE SBODEMOTR."T" AS SELECT range AS "N" FROM range(3)')
        company.execute("CREATE SCHEMA OTHER")
        company.execute('CREATE TABLE OTHER."T" AS SELECT range AS "N" FROM range(5)')
    return a_source()


def made(home: Path, company: object, **parameter: Any) -> Path:
    context = a_context(
        home / "made",
        settings={"source": "demo", "sql": SQL, "formats": ["xlsx"]},
        parameter_definitions=[ONE | parameter],
        parameters={"company": company},
    )
    (file,) = find_job("report").perform(context).files
    return file.path


@pytest.mark.parametrize("company", ["SBODEMOTR", None])
def test_the_own_schema_is_read_by_its_name_and_without(
    demo: Source, home: Path, company: str | None
) -> None:
    assert values_of(made(home, company)) == [["N"], [0], [1], [2]]


def test_all_companies_of_a_source_without_a_list_are_its_own_schema(
    demo: Source, home: Path
) -> None:
    path = made(home, None, type="companies")
    assert book_of(path).sheetnames[0] == "SBODEMOTR"
    assert values_of(path) == [["N"], [0], [1], [2]]


@pytest.mark.parametrize("company", ["OTHER", "sbodemotr", "main"])
def test_another_schema_of_the_same_file_is_refused(demo: Source, home: Path, company: str) -> None:
    with pytest.raises(Invalid, match="is not a company that this report may read"):
        made(home, company)
    assert not (home / "made").exists()


def test_a_company_on_the_list_is_read_in_a_file_too(demo: Source, home: Path) -> None:
    with transaction() as session:
        session.get_one(Source, demo.id).companies = ["OTHER"]
    assert len(values_of(made(home, "OTHER"))) == 6
    with pytest.raises(Invalid):
        made(home, "SBODEMOTR")


def test_a_company_that_the_file_lacks_is_named_and_leaves_no_file(
    demo: Source, home: Path
) -> None:
    with transaction() as session:
        session.get_one(Source, demo.id).companies = ["SBODEMOTR", "GONE"]
    with pytest.raises(JobError, match='In the company GONE: .*"T" does not exist') as refused:
        made(home, None, type="companies")
    assert refused.value.kind is ErrorKind.SQL
    assert list((home / "made").iterdir()) == []
