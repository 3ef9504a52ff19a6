"""The kit's reports as runs: the files from HANA are those from the embedded source."""

import shutil
import zipfile
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from tasks.kit.report import KitReport, kit
from tasks.models import Run, RunState
from tasks.reports.render import Language
from tests.support.factories import a_hana_source, a_run, a_source, a_task
from tests.support.hana import READER, Hana
from tests.support.hana_runs import attempted, file_of
from tests.unit.demo.conftest import UNTIL, built_in

NIGHT = datetime.combine(UNTIL, time(6), tzinfo=UTC)
REPORTS = [(language, one) for language in Language for one in kit(language)]


@pytest.fixture
def both(
    sqlite_database: str, home: Path, hana: Hana, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The same company behind two sources, `hana` and `demo`."""
    shutil.copy(built_in(tmp_path_factory.getbasetemp()), home / "demo.duckdb")
    a_source()
    a_hana_source(hana.port, password=READER[1])


def ran(report: KitReport, language: Language, source: str) -> Run:
    settings = {
        "source": source,
        "sql": report.sql,
        "formats": ["xlsx", "csv"],
        "language": language,
        "recipients": [],
    }
    task = a_task(
        f"{report.slug}-{source}",
        title=report.title,
        settings=settings,
        parameters=list(report.parameters),
    )
    return attempted(a_run(task, scheduled_for=NIGHT))


def rows_in(path: Path) -> bytes:
    """The sheet of the rows, letter by letter; another one tells of the run and its source."""
    with zipfile.ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(("language", "report"), REPORTS, ids=lambda one: getattr(one, "slug", one))
def test_a_report_makes_the_same_file_of_hana(
    both: None, language: Language, report: KitReport
) -> None:
    found, wanted = (ran(report, language, source) for source in ("hana", "demo"))
    assert (found.state, found.error) == (RunState.SUCCEEDED, None)
    assert found.rows == wanted.rows
    assert rows_in(file_of(found, ".xlsx")) == rows_in(file_of(wanted, ".xlsx"))
    assert file_of(found, ".csv").read_bytes() == file_of(wanted, ".csv").read_bytes()
