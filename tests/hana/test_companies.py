"""One task over several companies of a HANA: a sheet for each, or no file at all."""

import csv
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.jobs.context import Progress
from tasks.jobs.registry import find_job
from tasks.models import Run, RunState
from tasks.reports.parameters import definitions_of
from tasks.reports.preview import preview
from tests.support.factories import a_hana_source, a_run, a_task
from tests.support.hana import OTHER_SCHEMA, READER, SCHEMA, Hana
from tests.support.hana_runs import a_hana_report, attempted, file_of, left_by
from tests.support.jobs import a_context
from tests.unit.render.files import book_of, values_of

SQL = 'SELECT "DocNum", "DocTotal" FROM {schema}."OINV" ORDER BY "DocNum"'
ONE = {"name": "company", "type": "company", "required": False}
SEVERAL = {"name": "company", "type": "companies", "required": False}
BOTH = [SCHEMA, OTHER_SCHEMA]

pytestmark = pytest.mark.usefixtures("sqlite_database")


def a_company_run(
    hana: Hana,
    company: object = None,
    *,
    parameter: Mapping[str, Any] = SEVERAL,
    sql: str = SQL,
    companies: list[str] = BOTH,
) -> Run:
    a_hana_source(hana.port, password=READER[1], companies=companies)
    task = a_hana_report(sql, parameters=[dict(parameter)])
    return attempted(a_run(task, parameters={"company": company}))


def rows_in(hana: Hana, schema: str) -> list[tuple[object, Decimal]]:
    cursor = hana.connect(currentSchema=schema).cursor()
    cursor.execute('SELECT "DocNum", "DocTotal" FROM "OINV" ORDER BY "DocNum"')
    return [(row[0], row[1]) for row in cursor.fetchall()]


def sheet_rows(run: Run, sheet: int) -> list[list[object]]:
    """The rows of a sheet without its header and its total."""
    return values_of(file_of(run, ".xlsx"), sheet)[1:-1]


def test_each_company_has_a_sheet_with_its_own_rows(hana: Hana) -> None:
    run = a_company_run(hana, [SCHEMA, OTHER_SCHEMA])
    assert run.state is RunState.SUCCEEDED
    assert book_of(file_of(run, ".xlsx")).sheetnames[:2] == BOTH
    for number, schema in enumerate(BOTH):
        wanted = [[one, float(total)] for one, total in rows_in(hana, schema)]
        assert sheet_rows(run, number) == wanted
    assert run.rows == sum(len(rows_in(hana, schema)) for schema in BOTH)


def test_csv_has_the_company_in_its_first_column(hana: Hana) -> None:
    run = a_company_run(hana, BOTH)
    with file_of(run, ".csv").open(encoding="utf-8-sig", newline="") as file:
        header, *lines = list(csv.reader(file))
    assert header == ["Company", "DocNum", "DocTotal"]
    for schema in BOTH:
        mine = [(int(line[1]), Decimal(line[2])) for line in lines if line[0] == schema]
        assert mine == rows_in(hana, schema)
    assert len(lines) == run.rows


def test_none_chosen_is_all_of_the_source(hana: Hana) -> None:
    run = a_company_run(hana)
    assert book_of(file_of(run, ".xlsx")).sheetnames[:2] == BOTH
    assert run.resolved == {"company": BOTH}


@pytest.mark.parametrize(
    ("company", "schema"), [(OTHER_SCHEMA, OTHER_SCHEMA), (SCHEMA, SCHEMA), (None, SCHEMA)]
)
@pytest.mark.parametrize("place", ['{schema}."OINV"', '"{schema}"."OINV"', '"OINV"'])
def test_one_company_is_one_table_and_no_choice_is_the_own_schema(
    hana: Hana, company: str | None, schema: str, place: str
) -> None:
    sql = SQL.replace('{schema}."OINV"', place)
    run = a_company_run(hana, company, parameter=ONE, sql=sql)
    assert book_of(file_of(run, ".xlsx")).sheetnames[0] == "A Report"
    assert len(sheet_rows(run, 0)) == run.rows == len(rows_in(hana, schema))
    assert sheet_rows(run, 0)[0] == [
        rows_in(hana, schema)[0][0],
        float(rows_in(hana, schema)[0][1]),
    ]


def test_without_such_a_parameter_schema_is_the_sources_own(hana: Hana) -> None:
    run = a_company_run(hana, "x", parameter={"name": "company", "type": "text"})
    assert run.rows == len(rows_in(hana, SCHEMA))


def test_the_name_of_the_parameter_is_bound_to_the_company_that_is_read(hana: Hana) -> None:
    sql = 'SELECT :company AS "Which", CURRENT_SCHEMA AS "Where" FROM DUMMY'
    run = a_company_run(hana, BOTH, sql=sql)
    read = [values_of(file_of(run, ".xlsx"), number)[1] for number in range(2)]
    assert read == [[SCHEMA, SCHEMA], [OTHER_SCHEMA, OTHER_SCHEMA]]


@pytest.mark.parametrize("company", ["SYS", "sbodemode", 'SBODEMOTR"."OINV" --', OTHER_SCHEMA])
@pytest.mark.parametrize("parameter", [ONE, SEVERAL])
def test_a_company_that_is_not_on_the_list_is_never_asked_for(
    hana: Hana, company: str, parameter: Mapping[str, Any]
) -> None:
    run = a_company_run(hana, company, parameter=parameter, companies=[SCHEMA])
    assert (run.state, run.error_kind) == (RunState.FAILED, ErrorKind.PARAMETER)
    assert "is not a company that this report may read" in (run.error or "")
    assert left_by(run).is_nothing
    assert hana.status().counts.get("connected", 0) == 0


def test_one_company_that_fails_is_named_and_leaves_no_file(hana: Hana) -> None:
    hana.fault("row", "error", row=10, code=2048, text="column store error", sql=OTHER_SCHEMA)
    run = a_company_run(hana, BOTH)
    assert run.state is RunState.FAILED
    assert (run.error or "").startswith(f"In the company {OTHER_SCHEMA}: ")
    assert left_by(run).is_nothing


def test_a_schema_on_the_list_that_may_not_be_read_is_told_by_hana_and_named(hana: Hana) -> None:
    hana.user(*READER, schemas=[SCHEMA])
    run = a_company_run(hana, BOTH)
    assert (run.state, run.error_kind) == (RunState.FAILED, ErrorKind.SOURCE_REFUSED)
    assert (run.error or "").startswith(f"In the company {OTHER_SCHEMA}: ")
    assert left_by(run).is_nothing


def test_an_error_tells_its_place_as_the_author_wrote_it(hana: Hana) -> None:
    sql = 'SELECT "DocNum",\n"Nothing" FROM {schema}."OINV", {schema}."OCRD" WHERE "Wrong" = 1'
    run = a_company_run(hana, BOTH, sql=sql)
    assert (run.error or "").startswith(f"In the company {SCHEMA}: Line 2, column 1: ")


def test_the_limit_of_rows_counts_over_all_companies(hana: Hana) -> None:
    first, second = (len(rows_in(hana, schema)) for schema in BOTH)
    a_hana_source(hana.port, password=READER[1], companies=BOTH)
    settings = {"source": "hana", "sql": SQL, "max_rows": first + second - 1}
    task = a_task(settings=settings, parameters=[SEVERAL])
    run = attempted(a_run(task, parameters={"company": None}))
    assert run.state is RunState.FAILED
    assert "more than" in (run.error or "")
    assert left_by(run).is_nothing


def test_the_progress_tells_which_company_is_read(hana: Hana, home: Path) -> None:
    a_hana_source(hana.port, password=READER[1], companies=BOTH)
    said: list[Progress] = []
    settings = {"source": "hana", "sql": SQL, "formats": ["csv"]}
    context = a_context(
        home / "made",
        settings=settings,
        parameter_definitions=[SEVERAL],
        parameters={"company": BOTH},
    )

    def listen() -> bool:
        said.extend([context.last_progress] if context.last_progress else [])
        return False

    context.stopped = listen
    find_job("report").perform(context)
    assert context.last_progress
    said.append(context.last_progress)
    texts = list(dict.fromkeys(one.text for one in said))
    assert texts == [f"rows read; now in {schema}" for schema in BOTH]
    assert said == sorted(said, key=lambda one: one.done)


@pytest.mark.parametrize("parameter", [ONE, SEVERAL])
def test_choices_from_a_query_are_those_of_the_company(
    hana: Hana, parameter: Mapping[str, Any]
) -> None:
    a_hana_source(hana.port, password=READER[1], companies=BOTH)
    choice = {"name": "place", "type": "choice_sql", "sql": "SELECT CURRENT_SCHEMA FROM DUMMY"}
    task = a_hana_report('SELECT :place AS "Where" FROM DUMMY', parameters=[parameter, choice])
    given = {"company": OTHER_SCHEMA, "place": OTHER_SCHEMA}
    right = attempted(a_run(task, parameters=given))
    assert right.state is RunState.SUCCEEDED, right.error
    wrong = attempted(a_run(task, parameters=given | {"place": SCHEMA}))
    assert wrong.error_kind is ErrorKind.PARAMETER


def test_a_preview_reads_the_company_that_is_chosen_and_of_several_the_first(hana: Hana) -> None:
    a_hana_source(hana.port, password=READER[1], companies=[OTHER_SCHEMA, SCHEMA])
    sql = "SELECT CURRENT_SCHEMA FROM DUMMY"
    given = {ONE["type"]: SCHEMA, SEVERAL["type"]: ""}
    read = [
        preview("hana", sql, definitions_of([one]), {"company": given[one["type"]]}).rows
        for one in (ONE, SEVERAL)
    ]
    assert [str(row[0]) for rows in read for row in rows] == [SCHEMA, OTHER_SCHEMA]
    with pytest.raises(JobError, match="whichever is chosen"):
        preview("hana", f'SELECT 1 FROM "{SCHEMA}"."OINV"', definitions_of([ONE]), {})
