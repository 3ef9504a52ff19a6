"""The buttons of the SQL editor: what they answer, to whom, and that nothing typed is lost."""

import logging
from pathlib import Path

import pytest

from tasks.db import reading
from tasks.models import Role, TaskDefinition
from tasks.sources.catalogue import forget
from tests.support.factories import a_hana_source, a_source, a_task
from tests.support.hana import READER, Hana
from tests.web.conftest import Browser, LoginAs
from tests.web.sql_support import (
    FORM,
    a_row,
    ask,
    every_place_taken,
    the_demo_company,
    words_of,
)

CUSTOMERS = 'SELECT "CardCode", "CardName" FROM "OCRD" ORDER BY "CardCode"'
NEW = "/tasks/new"


@pytest.fixture
def author(login_as: LoginAs) -> Browser:
    return login_as(Role.AUTHOR)


@pytest.fixture
def demo(sqlite_database: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    the_demo_company(home, tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("what", ["check", "format", "preview", "explain"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.EDITOR])
def test_whoever_may_not_write_sql_may_not_ask(login_as: LoginAs, what: str, role: Role) -> None:
    a_source()
    a_task()
    browser = login_as(role)
    token = {"csrf_token": browser.token("/tasks")}
    for path in (f"{NEW}/sql/{what}", f"/tasks/a-report/edit/sql/{what}"):
        answer = browser.post(path, data=FORM | {"sql": CUSTOMERS} | token)
        assert answer.status_code == 403
        assert "CardCode" not in answer.text


def test_a_question_without_the_token_of_the_page_is_refused(author: Browser) -> None:
    answer = author.post(f"{NEW}/sql/preview", data=FORM | {"sql": CUSTOMERS})
    assert answer.status_code == 400


def test_there_are_no_other_questions(author: Browser) -> None:
    assert ask(author, "drop", CUSTOMERS).status_code == 404


@pytest.mark.usefixtures("demo")
def test_check_says_that_a_query_only_reads_and_that_its_names_are_there(author: Browser) -> None:
    answer = ask(author, "check", CUSTOMERS)
    assert "This is one query that only reads. Its tables and columns are there." in words_of(
        answer
    )
    assert "<html" not in answer.text


@pytest.mark.usefixtures("demo")
def test_check_tells_each_problem_with_its_place(author: Browser) -> None:
    answer = ask(author, "check", 'SELECT "CardCode"\nFROM "OCRD"; DELETE FROM "OCRD"')
    assert answer.status_code == 200
    assert 'data-line="2"' in answer.text
    assert "Line 2, column " in words_of(answer)


@pytest.mark.usefixtures("demo")
def test_check_finds_a_column_that_the_source_has_not(author: Browser) -> None:
    answer = ask(author, "check", 'SELECT "CardCode",\n  "CardNme" FROM "OCRD"')
    assert 'data-line="2"\n             data-column="3"' in answer.text
    assert "CardNme" in words_of(answer)


def test_check_says_why_names_were_not_looked_up(author: Browser) -> None:
    answer = ask(author, "check", CUSTOMERS, source="")
    assert "was not looked up. No source is chosen." in words_of(answer)


def test_a_wrong_parameter_is_told_before_its_query(author: Browser) -> None:
    answer = ask(author, "check", CUSTOMERS, **a_row(name="Gün"))
    assert "“Gün” cannot be the name of a parameter" in words_of(answer)


def test_format_answers_with_the_text_laid_out(author: Browser) -> None:
    answer = ask(author, "format", 'select "A" from "T" -- why')
    laid_out = answer.text.split("<template data-sql>")[1].split("</template>")[0]
    assert [one in laid_out for one in ("SELECT", "FROM", "-- why")] == [True] * 3


def test_what_cannot_be_laid_out_is_told_with_its_place(author: Browser) -> None:
    answer = ask(author, "format", 'SELECT "A" FROM (SELECT')
    assert "<template" not in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.usefixtures("demo")
def test_preview_shows_the_first_rows_and_that_there_are_more(author: Browser) -> None:
    answer = ask(author, "preview", 'SELECT "DocEntry", "DocTotal" FROM "OINV"')
    assert "50 rows in" in words_of(answer)
    assert "There are more" in words_of(answer)
    assert answer.text.count("<tr>") == 51


@pytest.mark.usefixtures("demo")
def test_a_preview_writes_values_as_the_reader_does(login_as: LoginAs) -> None:
    author = login_as(Role.AUTHOR)
    author.set_cookie("language", "tr")
    sql = (
        "SELECT CAST(1234.5 AS DECIMAL(19,6)) AS A, TO_DATE('2026-02-01') AS B, 10234 AS C,"
        " NULL AS D, '<b>' AS E FROM DUMMY"
    )
    answer = ask(author, "preview", sql)
    for shown in ("1.234,50", "1 Şub 2026", "10234", "–", "&lt;b&gt;"):
        assert f">{shown}<" in answer.text


@pytest.mark.usefixtures("demo")
def test_a_preview_is_tried_with_the_defaults(author: Browser) -> None:
    row = a_row(default="C20001") | {"parameters-0-required": "on"}
    sql = "SELECT :code AS A FROM DUMMY"
    assert ">C20001<" in ask(author, "preview", sql, **row).text


@pytest.mark.usefixtures("demo")
def test_a_parameter_without_a_default_is_asked_for_and_then_bound(author: Browser) -> None:
    row = a_row() | {"parameters-0-required": "on"}
    sql = "SELECT :code AS A FROM DUMMY"
    first = ask(author, "preview", sql, **row)
    assert 'name="try-code"' in first.text
    assert "<table" not in first.text
    second = ask(author, "preview", sql, **row | {"try-code": "x' OR 'a'='a"})
    assert ">x&#39; OR &#39;a&#39;=&#39;a<" in second.text
    assert 'value="x&#39; OR &#39;a&#39;=&#39;a"' in second.text


@pytest.mark.usefixtures("demo")
def test_a_value_that_does_not_fit_is_told_beside_its_control(author: Browser) -> None:
    row = a_row(type="integer") | {"parameters-0-required": "on"}
    answer = ask(author, "preview", "SELECT :code AS A FROM DUMMY", **row | {"try-code": "x"})
    assert "is not a whole number" in answer.text.split('id="error-try-code"')[1]


@pytest.mark.usefixtures("demo")
def test_a_query_that_would_change_something_is_never_asked(author: Browser) -> None:
    answer = ask(author, "preview", 'DELETE FROM "OCRD"')
    assert 'role="alert"' in answer.text
    assert "Line 1, column 1" in words_of(answer)


def test_a_source_that_is_not_there_is_told(author: Browser) -> None:
    answer = ask(author, "preview", CUSTOMERS, source="elsewhere")
    assert answer.status_code == 200
    assert "There is no source “elsewhere”" in words_of(answer)


def test_a_preview_needs_a_source(author: Browser) -> None:
    answer = ask(author, "preview", CUSTOMERS, source="")
    assert "Choose the source that is to be asked." in words_of(answer)


@pytest.mark.usefixtures("demo")
def test_explain_shows_the_plan_of_the_source(author: Browser) -> None:
    answer = ask(author, "explain", CUSTOMERS)
    assert "OCRD" in answer.text.split("<pre")[1]


def test_hana_is_previewed_and_says_that_it_cannot_explain(author: Browser, hana: Hana) -> None:
    a_hana_source(hana.port, slug="demo", password=READER[1])
    assert "50 rows in" in words_of(ask(author, "preview", 'SELECT * FROM "OINV"'))
    explained = words_of(ask(author, "explain", CUSTOMERS))
    assert "cannot explain a query to somebody who may only read" in explained
    assert "Its tables and columns are there." in words_of(ask(author, "check", CUSTOMERS))


@pytest.mark.usefixtures("demo")
def test_check_looks_up_what_names_the_own_schema_and_nothing_of_another(author: Browser) -> None:
    other = words_of(ask(author, "check", 'SELECT T0."x" FROM "SBO_OTHER"."OHEM" T0'))
    assert "This is one query that only reads." in other
    own = ask(author, "check", 'SELECT T0."x" FROM "SBODEMOTR"."OCRD" T0')
    assert "The column &#34;x&#34; does not exist" in own.text


def test_a_source_that_does_not_answer_is_told(author: Browser, hana: Hana) -> None:
    a_hana_source(hana.port, slug="demo", password="Wrong-2026")
    answer = ask(author, "preview", CUSTOMERS)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("what", ["check", "preview", "format"])
def test_without_scripts_the_whole_form_comes_back_with_the_answer(
    author: Browser, what: str
) -> None:
    sent = FORM | {"sql": CUSTOMERS} | a_row()
    answer = author.submit(f"{NEW}/sql/{what}", page=f"{NEW}?job=report", **sent)
    assert answer.status_code == 200
    kept = ("<html", 'value="Şubat Çıkışları"', "What left in February", 'value="code"', "OCRD")
    assert [one for one in kept if one not in answer.text] == []
    assert 'role="status"' in answer.text.split('id="sql-answer"')[1]


@pytest.mark.usefixtures("demo")
def test_a_question_about_a_task_saves_nothing(author: Browser) -> None:
    a_task()
    answer = ask(author, "preview", CUSTOMERS, page="/tasks/a-report/edit")
    assert "<table" in answer.text
    with reading() as session:
        task = session.query(TaskDefinition).one()
        assert (task.version, task.settings["sql"]) == (1, "SELECT 1 AS A FROM DUMMY")


def test_whoever_loads_the_page_of_an_answer_again_gets_the_form(author: Browser) -> None:
    a_source()
    a_task()
    for path, form in ((NEW, f"{NEW}?job=report"), ("/tasks/a-report/edit",) * 2):
        answer = author.get(f"{path}/sql/preview")
        assert (answer.status_code, answer.location) == (303, form)


@pytest.mark.usefixtures("demo")
def test_who_asks_too_often_waits_and_loses_nothing(author: Browser) -> None:
    token = {"csrf_token": author.token(f"{NEW}?job=report")}
    sent = FORM | {"sql": "SELECT 1 AS A FROM DUMMY"} | token
    answers = [author.post(f"{NEW}/sql/preview", data=sent) for _ in range(21)]
    assert "You asked very often just now" not in answers[19].text
    assert "You asked very often just now" in answers[20].text
    assert "SELECT 1 AS A FROM DUMMY" in answers[20].text
    assert "You asked very often" not in author.post(f"{NEW}/sql/check", data=sent).text


@pytest.mark.usefixtures("demo")
def test_a_process_waits_for_few_queries_at_once(author: Browser) -> None:
    with every_place_taken():
        assert "Others are trying queries just now." in words_of(ask(author, "preview", CUSTOMERS))
        forget()
        told = words_of(ask(author, "check", CUSTOMERS))
        assert "only reads" in told
        assert "was not looked up. Others are trying queries just now." in told
    assert "Its tables and columns are there." in words_of(ask(author, "check", CUSTOMERS))
    with every_place_taken():
        assert "Its tables and columns are there." in words_of(ask(author, "check", CUSTOMERS))
    assert "<table" in ask(author, "preview", CUSTOMERS).text


@pytest.mark.usefixtures("demo")
def test_the_log_tells_who_asked_and_no_row(
    author: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        ask(author, "preview", "SELECT 'Ayşe' AS A FROM DUMMY")
    (record,) = [one for one in caplog.records if one.message == "sql previewed"]
    told = {name: getattr(record, name) for name in ("login", "source", "rows")}
    assert told == {"login": "author", "source": "demo", "rows": 1}
    assert "Ayşe" not in str(record.__dict__)
