"""Lists of choices: read once, kept for a while, and never waited for beyond a few seconds."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select

from tasks.db import transaction
from tasks.errors import ErrorKind, JobError
from tasks.models import Source
from tasks.reports import choice_lists
from tasks.reports.choice_lists import MOST, MOST_LISTS, MOST_READERS, find_choices, forget_choices
from tasks.sources.editing import SourceContent, change_source
from tests.support.choices import end_reading
from tests.support.factories import a_source
from tests.support.waiting import wait_until

SQL = 'SELECT "Code", "Name" FROM "T" ORDER BY "Code"'
SLOW = 'SELECT COUNT(*) FROM "T" A, "T" B, "T" C, "T" D WHERE A."Code" <> B."Name"'


@pytest.fixture
def company(database: str, home: Path) -> Iterator[Path]:
    path = home / "demo.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE SCHEMA SBODEMOTR")
        connection.execute(
            """CREATE TABLE SBODEMOTR."T" AS SELECT 'C' || range AS "Code",
            'İşçi ' || range AS "Name" FROM range(300)"""
        )
    a_source()
    forget_choices()
    yield path
    end_reading()


def values(search: str, sql: str = SQL) -> list[str]:
    return [one.value for one in find_choices("demo", sql, search).choices]


def refused(sql: str = SQL) -> JobError:
    problem = find_choices("demo", sql, "").problem
    assert isinstance(problem, JobError)
    return problem


def test_a_search_finds_what_the_query_offers(company: Path) -> None:
    assert values("isci 299") == ["C299"]
    assert len(values("")) == 300
    assert not find_choices("demo", SQL, "").more


def test_a_list_is_kept_for_a_while_and_read_anew_when_it_is_forgotten(company: Path) -> None:
    assert values("c7 ") == ["C7", *[f"C{number}" for number in range(70, 80)]]
    company.unlink()
    assert "C7" in values("c7")
    forget_choices()
    assert refused().kind is ErrorKind.SOURCE_UNREACHABLE


def test_a_list_is_read_anew_once_its_time_is_over(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice_lists, "KEPT_SECONDS", 0)
    assert values("C299") == ["C299"]
    with duckdb.connect(company) as connection:
        connection.execute("""DELETE FROM SBODEMOTR."T" WHERE "Code" = 'C299'""")
    assert values("C299") == []


def test_a_list_of_a_source_that_was_changed_counts_no_more(company: Path) -> None:
    assert values("C299") == ["C299"]
    with duckdb.connect(company) as connection:
        connection.execute("CREATE SCHEMA OTHER")
        connection.execute("""CREATE TABLE OTHER."T" AS SELECT 'X1' AS "Code", 'x' AS "Name" """)
    with transaction() as session:
        source = session.scalars(select(Source)).one()
        settings = source.settings | {"schema": "OTHER"}
        content = SourceContent(title="Demo", kind=source.kind, settings=settings)
        change_source(session, source, content, version=source.version)
    assert values("") == ["X1"]


def test_a_list_of_a_source_that_was_switched_off_is_not_shown(company: Path) -> None:
    assert values("C299") == ["C299"]
    with transaction() as session:
        session.query(Source).update({"is_active": False})
    assert "is switched off" in refused().message


def test_a_source_that_is_away_is_not_asked_again_at_each_letter(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = company.rename(company.with_name("away"))
    assert refused().kind is ErrorKind.SOURCE_UNREACHABLE
    away.rename(company)
    assert refused().kind is ErrorKind.SOURCE_UNREACHABLE
    forget_choices()
    assert values("C299") == ["C299"]


def test_more_choices_than_a_list_holds_are_told(company: Path) -> None:
    with duckdb.connect(company) as connection:
        connection.execute(
            f"""INSERT INTO SBODEMOTR."T" SELECT 'D' || range, 'x' FROM range({MOST})"""
        )
    found = find_choices("demo", SQL, "")
    assert (len(found.choices), found.more) == (MOST, True)


@pytest.mark.parametrize("sql", ['DELETE FROM "T"', 'SELECT "Wrong" FROM "T"', "SELECT :p FROM T"])
def test_a_query_that_cannot_be_read_is_told(company: Path, sql: str) -> None:
    assert refused(sql).kind is ErrorKind.SQL


def test_a_source_that_is_switched_off_is_not_asked(company: Path) -> None:
    with transaction() as session:
        session.query(Source).update({"is_active": False})
    assert "is switched off" in refused().message


def test_nobody_waits_longer_than_a_few_seconds(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice_lists, "SECONDS", 1)
    began = time.monotonic()
    assert refused(SLOW).transient
    assert time.monotonic() - began < 20
    wait_until(lambda: values("C299") == ["C299"], "the next list is read")


def test_a_company_that_the_source_does_not_have_is_refused(company: Path) -> None:
    assert len(find_choices("demo", SQL, "", company="SBODEMOTR").choices) == 300
    problem = find_choices("demo", SQL, "", company='X"; DROP SCHEMA').problem
    assert problem is not None
    assert "is not a company that this report may read" in problem.message


def test_a_query_may_name_its_schema_unless_a_company_is_chosen(company: Path) -> None:
    named = 'SELECT "Code" FROM "SBODEMOTR"."T"'
    assert values("C299", named) == ["C299"]
    problem = find_choices("demo", named, "", company="SBODEMOTR").problem
    assert problem is not None
    assert "whichever is chosen" in problem.message


def test_a_list_is_read_once_however_many_ask_for_it(
    company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    whole = choice_lists._read

    def counted(wanted: choice_lists._Wanted) -> choice_lists.ChoiceList:
        asked.append(wanted.sql)
        return whole(wanted)

    monkeypatch.setattr(choice_lists, "_read", counted)
    people = [threading.Thread(target=values, args=("c",)) for _ in range(8)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert asked == [SQL]


def test_more_lists_than_are_kept_push_out_the_oldest(company: Path) -> None:
    for number in range(MOST_LISTS + 3):
        assert values("C299", f"{SQL} -- {number}") == ["C299"]
    assert len(choice_lists._lists) == MOST_LISTS


def test_only_a_few_lists_are_read_at_once(company: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()
    monkeypatch.setattr(choice_lists, "SECONDS", 0.05)
    monkeypatch.setattr(
        choice_lists, "_read", lambda *_: go.wait(30) and choice_lists.ChoiceList(())
    )
    for number in range(MOST_READERS + 1):
        assert refused(f"{SQL} -- {number}").transient
    assert len(choice_lists._lists) == MOST_READERS
    go.set()
