"""One task: its settings in words, its schedules and runs, and its switch."""

from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading
from tasks.models import FOREVER, Role, RunState, TaskDefinition, TaskVersion
from tests.support.factories import a_run, a_schedule, a_source, a_task
from tests.web.conftest import LoginAs

SWITCH = "/tasks/a-report/activation"


def the_task() -> TaskDefinition:
    with reading() as session:
        return session.scalars(select(TaskDefinition)).one()


def test_a_schedule_that_is_paused_says_so_until_its_pause_is_over(login_as: LoginAs) -> None:
    task = a_task()
    a_schedule(task, name="Asleep", paused_until=FOREVER)
    a_schedule(task, name="Awake", paused_until=utcnow())
    page = login_as(Role.VIEWER).get("/tasks/a-report").text
    asleep, awake = (page.split(f">{name}</a>")[1].split("</p>")[0] for name in ("Asleep", "Awake"))
    assert "Paused" in asleep
    assert "Paused" not in awake


def test_the_page_says_the_settings_in_words(login_as: LoginAs) -> None:
    a_source()
    task = a_task(
        settings={"recipients": ["board@example.com"]},
        priority=9,
        max_attempts=4,
        retry_delay_seconds=60,
        retry_backoff=2,
        retry_max_delay_seconds=180,
    )
    a_schedule(task, name="Nights", cron="0 2 * * *", timezone="Europe/Istanbul")
    run = a_run(task, state=RunState.SUCCEEDED, rows=1234)
    page = login_as(Role.VIEWER).get("/tasks/a-report").text
    for words in ("board@example.com", "Demo company", "9, most urgent", "Nights", "1,234"):
        assert words in page
    assert "At 02:00, every day · Europe/Istanbul" in page
    assert "after 1 minute, then after 2 minutes, then after 3 minutes." in " ".join(page.split())
    assert f"#{run.id}" in page


def test_the_sql_is_shown_and_never_taken_for_markup(login_as: LoginAs) -> None:
    a_task(settings={"sql": "SELECT '<script>' FROM DUMMY"})
    page = login_as(Role.VIEWER).get("/tasks/a-report").text
    assert "SELECT &#39;&lt;script&gt;&#39; FROM DUMMY" in page


def test_what_a_secret_parameter_holds_is_not_shown(login_as: LoginAs) -> None:
    given = {"type": "choice", "choices": ["hid-1", "hid-2"], "default": "hid-1"}
    a_task(parameters=[{"name": "api_key"} | given, {"name": "day", "default": "last Monday"}])
    page = login_as(Role.VIEWER).get("/tasks/a-report").text
    assert "hid-" not in page
    assert page.count("***") == 2
    assert "last Monday" in page


def test_an_unknown_task_is_not_found(login_as: LoginAs) -> None:
    answer = login_as(Role.VIEWER).get("/tasks/nothing")
    assert answer.status_code == 404
    assert "There is no task “nothing”." in answer.text


def test_an_editor_switches_a_task_off_and_on(login_as: LoginAs) -> None:
    a_task()
    editor = login_as(Role.EDITOR)
    answer = editor.submit(SWITCH, page="/tasks/a-report", _method="DELETE")
    assert (answer.status_code, answer.location) == (303, "/tasks/a-report")
    assert not the_task().is_active
    assert "This task is off" in editor.get("/tasks/a-report").text
    editor.submit(SWITCH, page="/tasks/a-report")
    assert the_task().is_active
    with reading() as session:
        assert session.scalars(select(TaskVersion.changed_by)).all() == ["editor", "editor"]


def test_a_delete_switches_off_too(login_as: LoginAs) -> None:
    a_task()
    editor = login_as(Role.EDITOR)
    token = editor.token("/tasks/a-report")
    assert editor.delete(SWITCH, headers={"X-CSRFToken": token}).status_code == 303
    assert not the_task().is_active


def test_switching_twice_changes_nothing_more(login_as: LoginAs) -> None:
    a_task()
    editor = login_as(Role.EDITOR)
    for _ in range(2):
        editor.submit(SWITCH, page="/tasks/a-report", _method="DELETE")
    assert the_task().version == 2


def test_an_operator_may_not_switch_a_task(login_as: LoginAs) -> None:
    a_task()
    operator = login_as(Role.OPERATOR)
    assert operator.submit(SWITCH, page="/tasks").status_code == 403
    assert the_task().is_active


def test_an_unknown_task_cannot_be_switched(login_as: LoginAs) -> None:
    assert (
        login_as(Role.EDITOR).submit("/tasks/nothing/activation", page="/tasks").status_code == 404
    )
