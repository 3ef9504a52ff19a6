"""Who gets which mail of a report that is split."""

from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select

from tasks.db import transaction
from tasks.jobs.context import JobResult
from tasks.jobs.registry import find_job
from tasks.models import Source
from tests.jobs.bursting import BURST, LINES, company, split, texts
from tests.support.factories import a_source
from tests.support.jobs import a_context

TWO = [("Ege", 1, "can@example.com"), ("Marmara", 2, "Can <CAN@example.com>")]


@pytest.fixture(autouse=True)
def _demo(sqlite_database: str, home: Path) -> None:
    a_source()


def sent(result: JobResult) -> list[tuple[str, str]]:
    return [(one.recipient, one.part) for one in result.letters if not one.suppressed]


def test_who_gets_two_parts_gets_two_mails_that_say_which(home: Path) -> None:
    company(home, TWO)
    result = split(home, BURST, mail={"html": True})
    assert sent(result) == [("can@example.com", "Ege"), ("CAN@example.com", "Marmara")]
    assert [one.subject for one in result.letters] == [
        "A task – 16.03.2026 – Ege",
        "A task – 16.03.2026 – Marmara",
    ]
    assert "A task – Ege</h1>" in result.letters[0].html
    assert "Marmara" not in result.letters[0].html


def test_a_subject_that_names_the_part_names_it_once(home: Path) -> None:
    company(home, TWO)
    result = split(home, BURST, subject="{{ part }}: {{ title }}", recipients=["boss@example.com"])
    assert [one.subject for one in result.letters] == [": A task", "Ege: A task", "Marmara: A task"]


def test_a_report_without_rows_says_that_it_has_no_parts(home: Path) -> None:
    company(home)
    none = 'SELECT "Region", "N", "Mail" FROM "T" WHERE "N" > 99'
    result = split(home, BURST, sql=none)
    assert result.letters == ()
    assert result.reason == (
        "The query gave no rows, so there are no parts and nobody to send them to."
    )


def test_a_trial_sends_no_mail_for_an_address_that_is_none(home: Path) -> None:
    company(home, [("Ege", 1, "Can"), ("Marmara", 2, "ayse@example.com; Ali")])
    (letter,) = split(home, BURST, only_to="me@example.com").letters
    assert (letter.recipient, letter.part) == ("me@example.com", "Marmara")
    assert "It would have gone to: ayse@example.com." in letter.body
    assert "would not" not in letter.body


def test_whoever_gets_the_whole_and_a_part_gets_both(home: Path) -> None:
    company(home)
    result = split(home, LINES, recipients=["can@example.com"])
    assert [part for who, part in sent(result) if who == "can@example.com"] == ["", "Ege"]


def test_the_totals_of_the_parts_add_up_to_those_of_the_whole(home: Path) -> None:
    rows = [(f"r{number % 7}", number, "a@example.com") for number in range(200)]
    company(home, rows)
    result = split(home, BURST, text='{{ rows }} {{ total("N")|number(0) }}', language="en")
    counted = [[int(one.replace(",", "")) for one in x.body.split()] for x in result.letters]
    assert [sum(column) for column in zip(*counted, strict=True)] == [200, sum(range(200))]
    assert result.rows == 200
    assert sum(text.count("\n") - 1 for part, text in texts(result).items() if part) == 200


@pytest.mark.parametrize("address_from", ["column", "query"])
def test_the_same_key_of_two_companies_keeps_their_people_apart(
    home: Path, address_from: str
) -> None:
    with duckdb.connect(home / "demo.duckdb") as demo:
        for schema, who in (("SBODEMOTR", "ayse"), ("OTHER", "can")):
            mail = f"{who}@example.com"
            demo.execute(f"CREATE SCHEMA {schema}")
            demo.execute(f'CREATE TABLE {schema}."T" AS SELECT 1 AS "Code", \'{mail}\' AS "Mail"')
    with transaction() as session:
        session.scalars(select(Source)).one().companies = ["SBODEMOTR", "OTHER"]
    query = 'SELECT "Code", "Mail" FROM {schema}."T"'
    burst = {"column": "Code", "address_from": address_from, "address_column": "Mail"}
    result = of_both_companies(home, query, burst | {"query": query})
    assert sent(result) == [
        ("ayse@example.com", "SBODEMOTR · 1"),
        ("can@example.com", "OTHER · 1"),
    ]
    assert "can@" not in texts(result)["SBODEMOTR · 1"]
    assert "ayse@" not in texts(result)["OTHER · 1"]


def of_both_companies(home: Path, sql: str, burst: dict[str, Any]) -> JobResult:
    context = a_context(
        home / "made",
        settings={"source": "demo", "sql": sql, "formats": ["csv"], "burst": burst},
        parameter_definitions=[{"name": "firm", "type": "companies", "required": False}],
        parameters={"firm": None},
    )
    return find_job("report").perform(context)
