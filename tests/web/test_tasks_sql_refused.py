"""SQL that is no query that only reads is refused where the task is saved, place by place."""

from sqlalchemy import update

from tasks.db import transaction
from tasks.models import Role, Source, SourceKind
from tests.support.factories import a_source, a_task
from tests.web.conftest import Browser, LoginAs
from tests.web.test_tasks_editing import EDIT, FILLED, tasks_kept, the_task

WRONG = 'SELECT DANCE("A"),\r\n SING("B")\r\nFROM "T"'


def save(author: Browser, **values: object) -> tuple[int, str]:
    answer = author.submit("/tasks", page="/tasks/new", **(FILLED | values))
    return answer.status_code, answer.text


def beside_the_sql(page: str) -> str:
    return page.split('id="error-sql"', 1)[1].split("</p>", 1)[0]


def test_every_problem_is_told_beside_the_sql_with_its_place(login_as: LoginAs) -> None:
    a_source()
    status, page = save(login_as(Role.AUTHOR), sql=WRONG)
    assert status == 422
    beside = beside_the_sql(page)
    assert "Line 1, column 8: " in beside
    assert "Line 2, column 2: " in beside
    assert tasks_kept() == 0


def test_a_problem_is_told_in_turkish(login_as: LoginAs) -> None:
    a_source()
    author = login_as(Role.AUTHOR)
    author.set_cookie("language", "tr")
    status, page = save(author, sql="SELECT 1; SELECT 2")
    assert status == 422
    assert "Yalnızca bir sorguya izin var" in beside_the_sql(page)


def test_a_source_of_another_kind_is_asked_in_its_own_words(login_as: LoginAs) -> None:
    a_source()
    author, own = login_as(Role.AUTHOR), "SELECT now()::date AS d"
    assert save(author, sql=own)[0] == 422
    with transaction() as session:
        session.execute(update(Source).values(kind=SourceKind.SQL))
    assert save(author, sql=own)[0] == 303
    assert save(author, slug="other", sql="DELETE FROM t")[0] == 422


def test_what_was_kept_before_may_be_kept_by_who_did_not_write_it(login_as: LoginAs) -> None:
    a_source()
    a_task(settings={"sql": 'SELECT DANCE("A") FROM "T"'})
    sent = {name: value for name, value in FILLED.items() if name != "sql"} | {"version": "1"}
    assert login_as(Role.EDITOR).submit(EDIT, **sent).status_code == 303
    task = the_task("a-report")
    assert (task.title, task.settings["sql"]) == ("Şubat Çıkışları", 'SELECT DANCE("A") FROM "T"')


def test_who_changes_the_sql_is_told_what_is_wrong_with_it(login_as: LoginAs) -> None:
    a_source()
    a_task()
    answer = login_as(Role.AUTHOR).submit(EDIT, **FILLED | {"version": "1", "sql": WRONG})
    assert answer.status_code == 422
    assert "Line 1, column 8: " in beside_the_sql(answer.text)
    assert the_task("a-report").version == 1
