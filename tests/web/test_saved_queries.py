"""Saved queries and the starter kit on the pages of a source."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.kit.report import kit
from tasks.models import Role, Schedule, Source, SourceKind, TaskDefinition, User
from tasks.reports.render import Language
from tasks.sources import catalogue
from tests.support.factories import a_hana_source, a_source
from tests.support.hana import READER, Hana
from tests.unit.demo.conftest import built_in
from tests.web.conftest import Browser, LoginAs
from tests.web.sql_support import every_place_taken
from tests.web.test_sources_pages import words_of

QUERIES, KIT = "/sources/demo/queries", "/sources/demo/kit"


@pytest.fixture
def demo(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = home / "demo.duckdb"
    shutil.copy(built_in(tmp_path_factory.getbasetemp()), path)
    catalogue.forget()
    return path


@pytest.fixture
def author(login_as: LoginAs, demo: Path) -> Browser:
    a_source()
    return login_as(Role.AUTHOR)


def tasks() -> dict[str, TaskDefinition]:
    with reading() as session:
        return {one.slug: one for one in session.scalars(select(TaskDefinition))}


def row_of(page: str, number: int) -> str:
    return page.split(f'id="query-{number}"')[1].split("</tr>")[0]


def test_each_query_has_a_verdict_and_what_becomes_of_it(author: Browser) -> None:
    page = author.get(QUERIES).text
    plain, marked, refused = (words_of(row_of(page, number)) for number in (2, 1, 12))
    assert "Müşteri bakiyeleri Finans Can be taken" in plain
    assert "Açık siparişler Satış With changes" in marked
    assert "Line 1: [%0] becomes the parameter “Posting date (from)”, a date." in marked
    assert ":doc_date_from" in marked
    assert "Fiyat güncelle Genel Cannot be taken Line 1: UPDATE changes rows" in refused


def test_only_what_can_be_taken_has_a_box(author: Browser) -> None:
    page = author.get(QUERIES).text
    boxes = {int(one) for one in re.findall(r'name="number"\s+value="(\d+)"', page)}
    assert boxes == {1, 2, 3, 5, 6, 7, 8, 9, 18}


def test_a_category_is_a_filter_in_the_address(author: Browser) -> None:
    page = author.get(QUERIES, query_string={"category": "3"}).text
    assert re.findall(r'id="query-(\d+)"', page) == ["3", "8", "9", "16"]
    assert re.search(r'<option value="3"\s+selected>Stok \(4\)', page)


def test_many_queries_come_page_by_page(author: Browser, demo: Path) -> None:
    with duckdb.connect(demo) as connection:
        connection.execute(
            'INSERT INTO "SBODEMOTR"."OUQR" SELECT n, 1, \'Query \' || n,'
            " 'SELECT 1 AS A FROM DUMMY' FROM range(100, 160) AS t(n)"
        )
    first = author.get(QUERIES).text
    shown = re.findall(r'id="query-(\d+)"', first)
    assert (len(shown), shown[-1]) == (50, "131")
    link = re.search(r'href="(/sources/demo/queries\?after=131)"', first)
    assert link is not None
    second = re.findall(r'id="query-(\d+)"', author.get(link[1]).text)
    assert (second[0], second[-1]) == ("132", "159")


def test_the_chosen_become_tasks_of_who_chose_them(author: Browser) -> None:
    answer = author.submit(QUERIES, number=["1", "2"], category="")
    assert (answer.status_code, answer.location) == (303, QUERIES)
    assert "2 tasks are made. They are switched off" in author.get(QUERIES).text
    assert set(tasks()) == {"acik-siparisler-demo-1", "musteri-bakiyeleri-demo-2"}
    with reading() as session:
        owner = session.scalars(select(User).where(User.login == "author")).one()
    assert {one.owner_id for one in tasks().values()} == {owner.id}
    assert not any(one.is_active for one in tasks().values())
    row = row_of(author.get(QUERIES).text, 1)
    assert 'href="/tasks/acik-siparisler-demo-1"' in row
    assert "checkbox" not in row


def test_the_page_of_such_a_task_opens(author: Browser) -> None:
    author.submit(QUERIES, number="5")
    page = author.get("/tasks/donem-satislari-demo-5").text
    assert "Imported from Business One: Satış/Dönem satışları" in page


def test_a_query_that_changed_since_can_be_taken_again(author: Browser, demo: Path) -> None:
    author.submit(QUERIES, number="2")
    with duckdb.connect(demo) as connection:
        connection.execute(
            'UPDATE "SBODEMOTR"."OUQR" SET "QString" = \'SELECT "CardCode" FROM OCRD\''
            ' WHERE "IntrnalKey" = 2'
        )
    assert "changed in Business One since" in row_of(author.get(QUERIES).text, 2)
    author.submit(QUERIES, number="2")
    [task] = tasks().values()
    assert (task.settings["sql"], task.version) == ('SELECT "CardCode" FROM OCRD', 2)


def test_what_cannot_be_taken_is_not_taken_by_a_forged_choice(author: Browser) -> None:
    author.submit(QUERIES, number=["12", "nonsense", "99"])
    assert "“Fiyat güncelle” was not taken." in author.get(QUERIES).text
    assert tasks() == {}


def test_without_a_choice_the_list_asks_for_one(author: Browser) -> None:
    answer = author.submit(QUERIES)
    assert answer.status_code == 422
    assert "Choose the queries to take first." in answer.text
    assert 'id="query-1"' in answer.text


def test_a_turkish_reader_gets_turkish_titles(author: Browser) -> None:
    author.set_cookie("language", "tr")
    author.submit(QUERIES, number="1")
    [task] = tasks().values()
    assert task.parameters[0]["label"] == "Kayıt tarihi (başlangıç)"
    assert task.description == "Business One’dan alındı: Satış/Açık siparişler"
    assert task.settings["language"] == "tr"


def test_a_source_that_does_not_answer_is_told_in_words(author: Browser, demo: Path) -> None:
    demo.unlink()
    answer = author.get(QUERIES)
    assert answer.status_code == 200
    assert "cannot be opened" in answer.text
    assert 'id="query-1"' not in answer.text


def test_the_list_waits_for_a_place_at_a_source(author: Browser) -> None:
    with every_place_taken():
        listed = author.get(QUERIES)
        taken = author.submit(QUERIES, page="/tasks", number="1")
    assert "Others are trying queries just now." in listed.text
    assert taken.status_code == 422
    assert "Others are trying queries just now." in taken.text
    assert tasks() == {}
    assert 'id="query-1"' in author.get(QUERIES).text


def test_the_list_comes_through_hanas_client_too(login_as: LoginAs, hana: Hana) -> None:
    a_hana_source(hana.port, password=READER[1])
    page = login_as(Role.AUTHOR).get("/sources/hana/queries").text
    assert "With changes" in row_of(page, 1)
    assert len(re.findall(r'id="query-\d+"', page)) == 18


def test_a_database_that_is_not_hana_has_no_saved_queries_and_no_kit(author: Browser) -> None:
    with transaction() as session:
        session.scalars(select(Source)).one().kind = SourceKind.SQL
    assert "so it has no saved queries" in author.get(QUERIES).text
    refused = author.post(
        KIT, data={"csrf_token": author.token("/tasks/new"), "reports": "cash-flow"}
    )
    assert refused.status_code == 422
    assert "the kit cannot read it" in refused.text
    assert tasks() == {}


@pytest.mark.parametrize("path", [QUERIES, KIT])
def test_only_who_may_write_sql_comes_here(login_as: LoginAs, path: str) -> None:
    a_source()
    editor = login_as(Role.EDITOR)
    assert editor.get(path).status_code == 403
    assert editor.post(path, data={"csrf_token": editor.token("/tasks/new")}).status_code == 403
    assert path not in editor.get("/sources/demo").text
    assert login_as(Role.AUTHOR).get("/sources/nowhere/kit").status_code == 404


def test_the_page_of_a_source_leads_to_both(author: Browser) -> None:
    page = author.get("/sources/demo").text
    assert f'href="{QUERIES}"' in page
    assert f'href="{KIT}"' in page


def test_a_new_task_can_begin_with_either(author: Browser) -> None:
    page = author.get("/tasks/new").text
    assert f'href="{QUERIES}"' in page
    assert f'href="{KIT}"' in page


def test_whoever_may_not_write_sql_is_not_led_there(login_as: LoginAs) -> None:
    a_source()
    assert KIT not in login_as(Role.EDITOR).get("/tasks/new").text


def test_the_kit_shows_every_report_by_area(author: Browser) -> None:
    page = author.get(KIT, query_string={"language": "tr"}).text
    for one in kit(Language.TURKISH):
        assert one.title in page
    assert len(re.findall('name="reports"', page)) == len(kit())
    assert [page.index(f"<legend class=\"visually-hidden\">{area}") for area in
            ("Finance", "Sales", "Purchasing", "Stock", "Production")]  # fmt: skip


def test_the_chosen_reports_become_tasks(author: Browser) -> None:
    answer = author.submit(
        KIT, reports=["cash-flow", "late-orders"], language="tr", recipients="a@company.example"
    )
    assert (answer.status_code, answer.location) == (303, f"{KIT}?language=tr")
    assert set(tasks()) == {"cash-flow", "late-orders"}
    turkish = next(one for one in kit(Language.TURKISH) if one.slug == "cash-flow")
    assert tasks()["cash-flow"].title == turkish.title
    assert tasks()["cash-flow"].settings["recipients"] == ["a@company.example"]
    with reading() as session:
        assert {one.enabled for one in session.scalars(select(Schedule))} == {False}
    page = author.get(answer.location).text
    assert "2 tasks are made" in page
    assert page.count("There already") == 2
    assert author.submit(KIT, reports="cash-flow", language="tr").status_code == 303
    assert "stays as it is" in author.get(KIT).text
    assert len(tasks()) == 2


def test_all_that_are_missing_are_added_at_once(author: Browser) -> None:
    author.submit(KIT, reports="cash-flow", language="en")
    author.submit(KIT, everything="yes", language="en")
    assert set(tasks()) == {one.slug for one in kit()}
    page = author.get(KIT).text
    assert f"{len(kit()) - 1} tasks are made" in page
    assert "stays as it is" not in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose the reports to add first."),
        ({"reports": "cash-flow", "recipients": "nobody"}, "nobody"),
        ({"reports": "nothing"}, "There is no report “nothing” in the kit."),
    ],
)
def test_what_is_wrong_with_the_choice_is_said_and_nothing_is_lost(
    author: Browser, fields: dict[str, str], sentence: str
) -> None:
    answer = author.submit(KIT, language="en", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert tasks() == {}
    if fields.get("reports") == "cash-flow":
        assert re.search(r'value="cash-flow"\s+checked', answer.text)
        assert 'value="nobody"' in answer.text
