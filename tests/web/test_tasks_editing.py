"""Defining and changing a task: what is kept, what is refused, and what nobody loses."""

from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.models import Role, TaskDefinition, TaskVersion
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs

SQL = "SELECT 1 AS A FROM DUMMY"
EDIT = "/tasks/a-report/edit"

FILLED: dict[str, Any] = {
    "title": "Şubat Çıkışları",
    "slug": "",
    "description": "What left in February",
    "source": "demo",
    "sql": SQL,
    "recipients": "a@example.com\r\nb@example.com\r\n",
    "formats": ["xlsx", "csv"],
    "language": "tr",
    "subject": "{title} – {date}",
    "text": "{rows}\r\n",
    "priority": "7",
    "max_attempts": "4",
    "retry_backoff": "1,5",
    "retry_delay_seconds": "2",
    "retry_delay_seconds-unit": "minutes",
    "retry_max_delay_seconds": "1",
    "retry_max_delay_seconds-unit": "hours",
    "timeout_seconds": "90",
    "timeout_seconds-unit": "seconds",
    "retry_on": ["source_lost", "no_space"],
    "safe_to_repeat": "on",
}


def a_row(number: int = 0, **values: str) -> dict[str, str]:
    row = {"name": "day", "type": "date", "label": "Gün", "default": "", "choices": "", "help": ""}
    return {f"parameters-{number}-{name}": value for name, value in (row | values).items()}


def the_task(slug: str) -> TaskDefinition:
    with reading() as session:
        return session.scalars(select(TaskDefinition).where(TaskDefinition.slug == slug)).one()


def tasks_kept() -> int:
    with reading() as session:
        return len(session.scalars(select(TaskDefinition.id)).all())


def test_an_author_defines_a_task_as_a_whole(login_as: LoginAs) -> None:
    a_source()
    author = login_as(Role.AUTHOR)
    sent = (
        FILLED
        | a_row(
            label="Gün",
            default="today",
        )
        | {"parameters-0-required": "on"}
    )
    answer = author.submit("/tasks", page="/tasks/new", **sent)
    assert (answer.status_code, answer.location) == (303, "/tasks/subat-cikislari")
    task = the_task("subat-cikislari")
    assert task.settings == task.settings | {
        "source": "demo",
        "sql": SQL,
        "formats": ["xlsx", "csv"],
        "language": "tr",
        "recipients": ["a@example.com", "b@example.com"],
        "subject": "{title} – {date}",
        "text": "{rows}\n",
        "max_rows": 1_000_000,
        "totals": None,
    }
    assert (task.priority, task.max_attempts, task.retry_backoff) == (7, 4, 1.5)
    assert (task.timeout_seconds, task.retry_delay_seconds) == (90, 120)
    assert (task.retry_max_delay_seconds, task.safe_to_repeat) == (3_600, True)
    assert task.retry_on == ["source_lost", "no_space"]
    assert task.parameters[0] | {"required": True, "default": "today"} == task.parameters[0]
    with reading() as session:
        assert session.scalars(select(TaskVersion.changed_by)).all() == ["author"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("title", " ", "Fill this in."),
        ("slug", "Büyük Harf", "cannot stand in an address"),
        ("slug", "new", "is kept for the pages"),
        ("source", "elsewhere", "There is no source “elsewhere”"),
        ("sql", "", "Fill this in."),
        ("sql", "SELECT :nobody FROM DUMMY", "The SQL uses :nobody"),
        ("recipients", "a@example.com\nnobody", "“nobody” is not a mail address"),
        ("formats", [], "Choose at least one."),
        ("subject", "{titel}", "There is no placeholder {titel}"),
        ("priority", "12", "12 is too large: the most is 9."),
        ("max_attempts", "x", "“x” is not a whole number"),
        ("retry_backoff", "0", "the least is 1"),
        ("timeout_seconds", "never", "“never” is not a whole number"),
        ("timeout_seconds", "inf", "is not a"),
        ("retry_delay_seconds", "-1", "is too small"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
    login_as: LoginAs, field: str, typed: str | list[str], sentence: str
) -> None:
    a_source()
    sent = FILLED | a_row(label="Gün", default="today") | {field: typed}
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **sent)
    assert answer.status_code == 422
    beside = answer.text.split(f'id="error-{field}"')
    assert len(beside) == 2
    assert sentence in beside[1].split("</p>")[0]
    kept = ["What left in February", 'value="1,5"', 'value="Gün"', 'value="today"']
    if field == "retry_backoff":
        kept.remove('value="1,5"')
    if field != "title":
        kept.append('value="Şubat Çıkışları"')
    if field != "recipients":
        kept.append("a@example.com\nb@example.com")
    assert [one for one in kept if one not in answer.text] == []
    assert tasks_kept() == 0


@pytest.mark.parametrize(
    ("row", "control", "sentence"),
    [
        ({"name": "Gün"}, "name", "cannot be the name of a parameter"),
        ({"type": "choice"}, "choices", "give the choices"),
        ({"type": "integer", "default": "x"}, "default", "is not a whole number"),
    ],
)
def test_an_error_of_a_parameter_stands_in_its_row(
    login_as: LoginAs, row: dict[str, str], control: str, sentence: str
) -> None:
    a_source()
    sent = FILLED | a_row(0, name="first") | a_row(1, **row)
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **sent)
    assert answer.status_code == 422
    beside = answer.text.split(f'id="error-parameters-1-{control}"')
    assert len(beside) == 2
    assert sentence in beside[1].split("</p>")[0]


def test_all_that_is_wrong_is_told_at_once(login_as: LoginAs) -> None:
    wrong = {"title": "", "source": "elsewhere", "priority": "x", "formats": [], "slug": "Ş"}
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **FILLED | wrong)
    assert [name for name in wrong if f'id="error-{name}"' not in answer.text] == []


def test_a_name_that_is_taken_is_a_conflict_beside_the_name(login_as: LoginAs) -> None:
    a_source()
    a_task()
    sent = FILLED | {"slug": "a-report"}
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **sent)
    assert answer.status_code == 409
    assert "There is a task “a-report” already" in answer.text.split('id="error-slug"')[1]


def test_a_button_adds_a_row_for_a_parameter_and_loses_nothing(login_as: LoginAs) -> None:
    author = login_as(Role.AUTHOR)
    sent = FILLED | a_row() | {"add_parameter": "1"}
    answer = author.submit("/tasks", page="/tasks/new", **sent)
    assert answer.status_code == 200
    for kept in ('value="day"', 'name="parameters-1-name"', 'value="Şubat Çıkışları"', "<html"):
        assert kept in answer.text
    assert 'name="parameters-2-name"' not in answer.text
    assert tasks_kept() == 0


def test_a_button_removes_a_row_and_the_others_move_up(login_as: LoginAs) -> None:
    rows = a_row(0, name="first") | a_row(1, name="second") | a_row(2, name="third")
    sent = FILLED | rows | {"remove_parameter": "1"}
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **sent)
    assert 'value="first"' in answer.text
    assert 'value="second"' not in answer.text
    assert 'value="third"' in answer.text.split('name="parameters-1-name"')[1]
    assert 'name="parameters-2-name"' not in answer.text


def test_with_htmx_only_the_rows_are_sent_back(login_as: LoginAs) -> None:
    author = login_as(Role.AUTHOR)
    sent = FILLED | a_row() | {"add_parameter": "1"}
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = author.submit("/tasks", page="/tasks/new", headers=headers, **sent)
    assert answer.text.lstrip().startswith('<section class="card stack"')
    assert 'name="parameters-1-name"' in answer.text
    assert "<html" not in answer.text


def test_the_edit_form_shows_what_is_kept(login_as: LoginAs) -> None:
    a_source()
    a_task(
        settings={"recipients": ["a@example.com"]},
        timeout_seconds=7_200,
        parameters=[{"name": "kind", "type": "choice", "choices": ["a", "b"], "label": "Kind"}],
    )
    page = login_as(Role.AUTHOR).get(EDIT).text
    for kept in ("a@example.com", 'value="a, b"', 'value="Kind"', SQL, 'name="version" value="1"'):
        assert kept in page
    assert '<option value="hours" selected' in " ".join(page.split())


def test_a_change_makes_a_version(login_as: LoginAs) -> None:
    a_source()
    a_task()
    answer = login_as(Role.AUTHOR).submit(EDIT, **FILLED | {"version": "1"})
    assert (answer.status_code, answer.location) == (303, "/tasks/a-report")
    task = the_task("a-report")
    assert (task.title, task.version) == ("Şubat Çıkışları", 2)


def test_who_comes_second_is_told_and_keeps_the_text(login_as: LoginAs) -> None:
    a_source()
    task = a_task()
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).version = 2
    answer = login_as(Role.AUTHOR).submit(EDIT, **FILLED | {"version": "1"})
    assert answer.status_code == 409
    assert "was changed by somebody else in the meantime" in answer.text
    assert 'value="Şubat Çıkışları"' in answer.text
    assert 'name="version" value="2"' in answer.text  # so that saving again is possible
    assert the_task("a-report").title == "A Report"


def test_an_editor_changes_everything_but_the_sql(login_as: LoginAs) -> None:
    a_source()
    a_task()
    editor = login_as(Role.EDITOR)
    page = editor.get(EDIT).text
    assert SQL in page
    assert 'name="sql"' not in page
    sent = {name: value for name, value in FILLED.items() if name != "sql"} | {"version": "1"}
    assert editor.submit(EDIT, **sent).status_code == 303
    task = the_task("a-report")
    assert (task.title, task.settings["sql"]) == ("Şubat Çıkışları", SQL)


def test_an_editor_who_sends_other_sql_is_refused(login_as: LoginAs) -> None:
    a_task()
    sent = FILLED | {"version": "1", "sql": "SELECT * FROM OUSR"}
    assert login_as(Role.EDITOR).submit(EDIT, **sent).status_code == 403
    assert the_task("a-report").settings["sql"] == SQL


def test_an_editor_defines_a_task_only_as_a_copy(login_as: LoginAs) -> None:
    a_source()
    a_task()
    editor = login_as(Role.EDITOR)
    assert "/tasks/new?copy=a-report" in editor.get("/tasks/new").text
    assert editor.submit("/tasks", page="/tasks", **FILLED).status_code == 403
    sent = {name: value for name, value in FILLED.items() if name != "sql"} | {"copy": "a-report"}
    assert editor.submit("/tasks", page="/tasks", **sent).status_code == 303
    assert the_task("subat-cikislari").settings["sql"] == SQL


@pytest.mark.parametrize("path", ["/tasks/new", EDIT])
def test_an_operator_may_not_define_tasks(login_as: LoginAs, path: str) -> None:
    a_task()
    assert login_as(Role.OPERATOR).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/tasks", EDIT])
def test_an_operator_who_posts_a_task_is_refused(login_as: LoginAs, path: str) -> None:
    a_task()
    operator = login_as(Role.OPERATOR)
    assert operator.submit(path, page="/tasks", **FILLED).status_code == 403
    assert the_task("a-report").version == 1


def test_an_unknown_task_cannot_be_edited(login_as: LoginAs) -> None:
    author = login_as(Role.AUTHOR)
    assert author.get("/tasks/nothing/edit").status_code == 404
    assert author.get("/tasks/new?copy=nothing").status_code == 404


def test_the_problems_are_told_in_turkish(login_as: LoginAs) -> None:
    author = login_as(Role.AUTHOR)
    author.set_cookie("language", "tr")
    answer = author.submit("/tasks", page="/tasks/new", **FILLED | {"priority": "12"})
    assert "12 çok büyük: en çok 9 olabilir." in answer.text
