"""A report that is split: each recipient gets its own rows, and no row gets lost."""

import json
from pathlib import Path

import duckdb
import pytest

from tasks.errors import ErrorKind, JobError
from tasks.jobs.context import REFUSED
from tasks.reports.bursting.parts import MOST_PARTS
from tasks.settings import settings
from tests.jobs.bursting import BURST, LINES, ROWS, company, split, texts
from tests.support.factories import a_source

HEAD = "Region,N,Mail\n"


@pytest.fixture(autouse=True)
def _demo(sqlite_database: str, home: Path) -> None:
    a_source()


def sent(result: object) -> list[tuple[str, str]]:
    letters = getattr(result, "letters", ())
    return [(one.recipient, one.part) for one in letters if not one.suppressed]


def test_each_part_has_its_rows_and_goes_to_the_address_beside_them(home: Path) -> None:
    company(home)
    result = split(home, BURST)
    found = texts(result)
    assert list(found) == ["", "Marmara", "Ege", "(nobody)"]
    assert found["Marmara"].splitlines() == [
        "Region,N,Mail",
        "Marmara,1,ayse@example.com",
        "Marmara,3,ayse@example.com",
    ]
    assert "Akdeniz" in found["(nobody)"]
    assert "Marmara" not in found["(nobody)"]
    assert len(found[""].splitlines()) == 1 + len(ROWS)
    assert sent(result) == [("ayse@example.com", "Marmara"), ("can@example.com", "Ege")]
    assert [one.rows for one in result.files] == [5, 2, 1, 2]


def test_rows_that_go_to_nobody_are_told_and_kept(home: Path) -> None:
    company(home)
    result = split(home, BURST)
    assert result.reason == (
        "Rows that went to nobody, since no address is known: 2 (Akdeniz, (empty))."
    )
    told = [(one.recipient, one.part, one.suppressed) for one in result.letters if one.suppressed]
    assert told == [
        ("", "Akdeniz", "No address is known for “Akdeniz”, so its rows went to nobody: 1."),
        ("", "(empty)", "No address is known for “(empty)”, so its rows went to nobody: 1."),
    ]


def test_the_catch_all_gets_the_rows_of_nobody_with_their_keys_named(home: Path) -> None:
    company(home)
    result = split(home, LINES | {"catch_all": ["office@example.com"]})
    assert result.reason == (
        "Rows without an address of their own, sent to office@example.com: 2 (Akdeniz, (empty))."
    )
    (caught,) = [one for one in result.letters if one.recipient == "office@example.com"]
    assert caught.part == "(nobody)"
    assert caught.body.startswith(
        "No address is known for these values of “Region”, so you get their rows (2): "
        "Akdeniz, (empty)\n\n"
    )
    assert sent(result)[:2] == [("ayse@example.com", "Marmara"), ("ali@example.com", "Marmara")]


def test_a_part_with_too_many_addresses_fails_alone_and_the_others_are_sent(home: Path) -> None:
    crowd = [("Ege", n, f"p{n}@example.com") for n in range(101)]
    company(home, [("Marmara", 1, "ayse@example.com"), *crowd])
    result = split(home, BURST | {"catch_all": ["office@example.com"]})
    assert [(one.recipient, one.part) for one in result.letters if one.subject] == [
        ("ayse@example.com", "Marmara")
    ]
    (failing,) = [one for one in result.letters if REFUSED in one.target]
    assert (failing.recipient, failing.part, failing.suppressed) == ("", "Ege", "")
    assert failing.target[REFUSED] == (
        "“Ege” has more than 100 addresses, so its rows went to nobody: 101. Correct its "
        "addresses, and run the task once more."
    )
    assert [(one.part, one.rows) for one in result.files] == [
        ("", 102),
        ("Marmara", 1),
        ("Ege", 101),
    ]


@pytest.mark.parametrize(("with_whole", "whole"), [(True, ["boss@example.com"]), (False, [])])
def test_the_recipients_of_the_task_get_the_whole_where_that_is_wanted(
    home: Path, with_whole: bool, whole: list[str]
) -> None:
    company(home)
    result = split(home, LINES | {"with_whole": with_whole}, recipients=["boss@example.com"])
    assert [one.recipient for one in result.letters if one.part == ""] == whole
    assert all(one.recipient != "boss@example.com" for one in result.letters if one.part)


def test_addresses_come_from_a_query_of_the_same_source(home: Path) -> None:
    company(home)
    with duckdb.connect(home / "demo.duckdb") as demo:
        demo.execute(
            """CREATE TABLE SBODEMOTR."WHO" AS SELECT * FROM (VALUES
            ('Marmara', 'ayse@example.com; ali@example.com'), ('Ege', NULL), ('Ege', ''),
            ('Moon', 'moon@example.com')) AS t("Region", "Mail")"""
        )
    query = 'SELECT "Region", "Mail" FROM {schema}."WHO"'
    result = split(home, {"column": "Region", "address_from": "query", "query": query})
    assert sent(result) == [("ayse@example.com", "Marmara"), ("ali@example.com", "Marmara")]
    assert result.reason.endswith("3 (Ege, Akdeniz, (empty)).")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("SELECT 1", "gives 1 columns. It has to give two"),
        ("DELETE FROM T", "Line 1, column 1"),
        ('SELECT "NOPE", 2 FROM "T"', "NOPE"),
    ],
)
def test_a_query_of_addresses_that_is_wrong_fails_before_anything_is_made(
    home: Path, query: str, sentence: str
) -> None:
    company(home)
    with pytest.raises(JobError, match=sentence.replace("(", r"\(")) as refused:
        split(home, {"column": "Region", "address_from": "query", "query": query})
    assert refused.value.kind is ErrorKind.SQL


def test_an_address_in_the_rows_that_is_none_or_outside_is_kept_with_its_reason(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_RECIPIENT_DOMAINS", "example.com")
    settings.cache_clear()
    company(home, [("A", 1, "ok@example.com; ayse@gmail.com"), ("B", 2, "Ayse Hanim")])
    result = split(home, BURST | {"catch_all": ["office@example.com"]})
    assert sent(result) == [("ok@example.com", "A"), ("office@example.com", "(nobody)")]
    kept = {one.recipient: (one.part, one.suppressed) for one in result.letters if one.suppressed}
    assert kept["Ayse"] == ("B", "“Ayse” is not a mail address.")
    assert kept["ayse@gmail.com"][0] == "A"
    assert "outside of the domains" in kept["ayse@gmail.com"][1]
    assert "B" in texts(result)["(nobody)"]


@pytest.mark.parametrize(
    "burst", [BURST | {"column": "Area"}, BURST | {"address_column": "E-Mail"}]
)
def test_a_column_that_is_not_there_is_told_with_those_that_are(
    home: Path, burst: dict[str, object]
) -> None:
    company(home)
    with pytest.raises(JobError, match="The query gives: Region, N, Mail") as refused:
        split(home, burst)
    assert refused.value.kind is ErrorKind.SQL
    assert list((home / "made").iterdir()) == []


def test_more_parts_than_the_most_fail_before_any_file_is_left(home: Path) -> None:
    company(home, [(f"r{n}", n, "a@example.com") for n in range(MOST_PARTS + 1)])
    with pytest.raises(JobError, match="more than 500 different values"):
        split(home, BURST)
    assert list((home / "made").iterdir()) == []


def test_a_trial_goes_to_nobody_but_who_tries_it_out(home: Path) -> None:
    company(home)
    result = split(home, BURST | {"catch_all": ["office@example.com"]}, only_to="me@example.com")
    assert {one.recipient for one in result.letters} == {"me@example.com"}
    assert [one.part for one in result.letters] == ["Marmara", "Ege", "(nobody)"]


def test_the_mail_of_a_part_tells_of_its_own_rows_only(home: Path) -> None:
    company(home)
    text = '{{ title }}, {{ part }}: {{ rows }} rows, {{ total("N") }} in all; {{ files }}'
    result = split(home, BURST, text=text, recipients=["boss@example.com"])
    bodies = {one.part: one.body for one in result.letters if not one.suppressed}
    assert bodies["Marmara"] == (
        "A task, Marmara: 2 rows, 4 in all; a-task-marmara-2026-03-16-0900.csv"
    )
    assert bodies[""].startswith("A task, : 5 rows, 15 in all; a-task-2026-03-16-0900.csv")


def test_the_file_of_a_part_says_whose_rows_it_holds(home: Path) -> None:
    company(home)
    result = split(home, BURST, formats=["json"])
    (marmara,) = [one for one in result.files if one.part == "Marmara"]
    held = json.loads(marmara.path.read_bytes())
    assert held["title"] == "A task – Marmara"
    assert {"name": "Region", "value": "Marmara"} in held["about"]


def test_further_queries_stay_in_the_file_of_all_rows(home: Path) -> None:
    company(home)
    sheets = [{"title": "Secret", "sql": 'SELECT \'secret\' AS "S" FROM "T"'}]
    result = split(home, BURST, formats=["json"], sheets=sheets)
    holding = [one.part for one in result.files if b"secret" in one.path.read_bytes()]
    assert holding == [""]


def test_a_report_of_no_rows_has_no_parts(home: Path) -> None:
    company(home)
    result = split(home, BURST, sql='SELECT "Region", "N", "Mail" FROM "T" WHERE "N" > 99')
    assert [one.part for one in result.files] == [""]


def test_a_condition_looks_at_all_rows_and_holds_back_every_part(home: Path) -> None:
    company(home)
    wanted = {"kind": "threshold", "measure": "sum", "column": "N", "operator": ">", "limit": 14}
    held_back = {**wanted, "limit": 15}
    result = split(home, LINES, condition=wanted)
    assert ("can@example.com", "Ege") in sent(result)
    result = split(home, LINES, condition=held_back, recipients=["boss@example.com"])
    assert sent(result) == []
    assert len(texts(result)) == 4
    assert all("Nothing to send" in one.suppressed for one in result.letters if one.recipient)
