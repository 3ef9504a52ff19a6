"""One task over several schemas of a PostgreSQL, as over several companies of a HANA."""

from pathlib import Path

import pytest

from tasks.db import transaction
from tasks.errors import JobError
from tasks.jobs.registry import find_job
from tasks.models import Source
from tests.database.postgresql_place import PASSWORD, USER, Place, a_row
from tests.support.jobs import a_context
from tests.unit.render.files import book_of, values_of

SEVERAL = {"name": "firm", "type": "companies", "required": False}


def made(home: Path, sql: str) -> Path:
    context = a_context(
        home / "made",
        settings={"source": "logo", "sql": sql, "formats": ["xlsx"]},
        parameter_definitions=[SEVERAL],
        parameters={"firm": None},
    )
    (file,) = find_job("report").perform(context).files
    return file.path


@pytest.fixture
def two(place: Place) -> Place:
    """A second schema, whose name needs its quotes, with two rows."""
    place.owner.execute('CREATE SCHEMA "Second; Co"')
    place.owner.execute('CREATE TABLE "Second; Co".item AS SELECT * FROM company.item LIMIT 2')
    row = a_row(place, PASSWORD)
    with transaction() as session:
        session.get_one(Source, row.id).companies = ["Second; Co", "company"]
    return place


@pytest.mark.parametrize("table", ["{schema}.item", '"{schema}"."item"', "item"])
def test_each_schema_has_a_sheet_with_its_own_rows(two: Place, home: Path, table: str) -> None:
    two.owner.execute(f'GRANT USAGE ON SCHEMA "Second; Co" TO {USER}')
    two.owner.execute(f'GRANT SELECT ON "Second; Co".item TO {USER}')
    path = made(home, f"SELECT count(*) AS n, :firm::text AS firm FROM {table}")
    assert book_of(path).sheetnames[:2] == ["Second; Co", "company"]
    assert values_of(path, 0)[1] == [2, "Second; Co"]
    assert values_of(path, 1)[1] == [12_000, "company"]


def test_a_schema_that_may_not_be_read_is_named_and_leaves_no_file(two: Place, home: Path) -> None:
    with pytest.raises(JobError, match="In the company Second; Co: "):
        made(home, "SELECT count(*) AS n FROM {schema}.item")
    assert list((home / "made").iterdir()) == []
