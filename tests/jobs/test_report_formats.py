"""One run makes every kind of file from one query, and a mail says what a file cannot show."""

import gzip
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.jobs.context import JobResult
from tasks.jobs.registry import find_job
from tasks.reports.render import Format
from tests.support.factories import a_source
from tests.support.jobs import a_context
from tests.unit.render.readers import html_tables, json_told, parquet_rows, pdf_pages

EVERY = [format.value for format in Format]


@pytest.fixture
def demo(sqlite_database: str, home: Path) -> None:
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute('CREATE TABLE SBODEMOTR."T" AS SELECT range AS "N" FROM range(7000)')
    a_source()


def made(home: Path, **settings: Any) -> tuple[JobResult, dict[str, Path]]:
    context = a_context(
        home / "made",
        settings={"source": "demo", "sql": 'SELECT "N" FROM "T" ORDER BY "N"', "formats": EVERY}
        | settings,
    )
    done = find_job("report").perform(context)
    return done, {file.path.name.partition(".")[2]: file.path for file in done.files}


def test_every_format_has_every_row(demo: None, home: Path) -> None:
    done, paths = made(home, pdf_max_rows=7_000)
    assert list(paths) == EVERY
    assert [file.media_type for file in done.files] == [one.media_type for one in Format]
    assert {(file.rows, file.notice) for file in done.files} == {(7_000, "")}
    assert json_told(paths["json"])["rows"] == [[n] for n in range(7_000)]
    assert parquet_rows(paths["parquet"]) == [(n,) for n in range(7_000)]
    assert html_tables(paths["html"])[0][1:] == [[str(n)] for n in range(7_000)]
    assert "\n6999\n" in pdf_pages(paths["pdf"])[-1]
    assert {file.name for file in (home / "made").iterdir()} == {
        path.name for path in paths.values()
    }


def test_a_pdf_says_in_its_mail_what_it_leaves_out(demo: None, home: Path) -> None:
    settings = {"formats": ["xlsx", "pdf"], "language": "tr", "recipients": ["ayse@example.com"]}
    done, paths = made(home, **settings)
    sentence = (
        "Bu sayfalar 7.000 satırın ilk 5.000 satırını gösterir. Satırların tümü raporun öbür "
        "dosyasındadır: Excel."
    )
    assert {file.path: file.notice for file in done.files} == {
        paths["xlsx"]: "",
        paths["pdf"]: sentence,
    }
    (letter,) = done.letters
    assert sentence in letter.body + letter.html


def test_csv_can_be_packed_and_says_so_by_its_name(demo: None, home: Path) -> None:
    done, paths = made(home, formats=["csv"], gzip=True)
    assert list(paths) == ["csv.gz"]
    assert done.files[0].media_type == "application/gzip"
    lines = gzip.decompress(paths["csv.gz"].read_bytes()).decode("utf-8-sig").split()
    assert lines == ["N", *map(str, range(7_000))]


def test_the_pages_say_when_they_were_made_and_for_when(demo: None, home: Path) -> None:
    _, paths = made(home, formats=["pdf"], language="tr", pdf_max_rows=100)
    first, second, *_ = pdf_pages(paths["pdf"])
    assert "Oluşturulma: " in first
    assert "Hangi zaman için: 16.03.2026 09:00" in second
