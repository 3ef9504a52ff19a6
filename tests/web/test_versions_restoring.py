"""A version is restored as a new one, by whom it is allowed, or refused in words."""

from sqlalchemy import delete, select

from tasks.chains import ChainContent
from tasks.db import reading, transaction
from tasks.definitions import change_task, content_of, create_task, switch_task
from tasks.models import Role, Source, TaskDefinition, TaskVersion
from tests.support.factories import a_source
from tests.web.conftest import LoginAs
from tests.web.versions_support import (
    SQL,
    VERSIONS,
    a_task_of_versions,
    change,
    given,
    restore,
    the_task,
)


def kept_numbers() -> list[int]:
    with reading() as session:
        return list(session.scalars(select(TaskVersion.version).order_by(TaskVersion.version)))


def test_an_old_version_says_which_settings_did_not_exist_yet(login_as: LoginAs) -> None:
    a_task_of_versions(given(), given(title="Other"))
    with transaction() as session:
        oldest = session.scalars(select(TaskVersion).filter_by(version=1)).one()
        oldest.content = {
            name: value
            for name, value in oldest.content.items()
            if name not in ("chains", "max_running")
        }
    author = login_as(Role.AUTHOR)
    page = " ".join(author.get(f"{VERSIONS}/1").text.split())
    assert "from before these settings existed" in page
    assert "Runs at once, at most, What runs next" in page
    assert restore(author, 1).status_code == 303
    assert (the_task().title, the_task().max_running) == ("A report", None)


def test_a_restored_version_is_a_new_one_and_none_is_lost(login_as: LoginAs) -> None:
    parameters = [{"name": "day", "type": "date", "default": "today"}]
    a_task_of_versions(
        given(title="First", priority=9, parameters=parameters),
        given(title="Second", settings={"sql": "SELECT 2"}),
    )
    author = login_as(Role.AUTHOR)
    answer = restore(author, 1)
    assert (answer.status_code, answer.location) == (303, "/tasks/a-report")
    assert "is as version 1 again; this is version 3." in author.get("/tasks/a-report").text
    task = the_task()
    assert (task.title, task.priority, task.settings["sql"]) == ("First", 9, SQL)
    assert [one["name"] for one in task.parameters] == ["day"]
    assert kept_numbers() == [1, 2, 3]
    with reading() as session:
        newest = session.scalars(select(TaskVersion).filter_by(version=3)).one()
        oldest = session.scalars(select(TaskVersion).filter_by(version=1)).one()
    assert (newest.content, newest.changed_by) == (oldest.content, "author")
    assert "there is nothing to restore" in author.get(f"{VERSIONS}/1").text


def test_restoring_switches_nothing_on(login_as: LoginAs) -> None:
    a_task_of_versions(given(title="First"), given(title="Second"))
    with transaction() as session:
        task = session.scalars(select(TaskDefinition)).one()
        switch_task(session, task, is_active=False, changed_by="ali")
    assert restore(login_as(Role.EDITOR), 1).status_code == 303
    assert (the_task().title, the_task().is_active) == ("First", False)


def test_restoring_what_the_task_is_already_makes_no_version(login_as: LoginAs) -> None:
    a_task_of_versions(given(title="First"), given(title="Second"), given(title="First"))
    editor = login_as(Role.EDITOR)
    answer = restore(editor, 1, csrf_token=editor.token("/tasks"))
    assert answer.status_code == 409
    assert "The task is as version 1 already." in answer.text
    assert kept_numbers() == [1, 2, 3]


def test_an_editor_restores_what_holds_no_other_sql(login_as: LoginAs) -> None:
    a_task_of_versions(given(title="First"), given(title="Second"))
    assert restore(login_as(Role.EDITOR), 1).status_code == 303
    assert the_task().title == "First"


def test_other_sql_is_restored_by_authors_only(login_as: LoginAs) -> None:
    a_task_of_versions(given(), given(settings={"sql": "SELECT 2"}))
    editor = login_as(Role.EDITOR)
    page = editor.get(f"{VERSIONS}/1").text
    assert "Only an author may restore it" in page
    assert "Restore this version" not in page
    token = editor.token("/tasks")
    assert restore(editor, 1, csrf_token=token).status_code == 403
    assert editor.get("/tasks/a-report/edit?version=1").status_code == 403
    assert the_task().settings["sql"] == "SELECT 2"
    assert restore(login_as(Role.AUTHOR), 1).status_code == 303


def test_an_operator_may_look_but_not_restore(login_as: LoginAs) -> None:
    a_task_of_versions(given(title="First"), given(title="Second"))
    operator = login_as(Role.OPERATOR)
    assert "Only an editor may restore a version." in operator.get(f"{VERSIONS}/1").text
    assert restore(operator, 1, csrf_token=operator.token("/tasks")).status_code == 403
    assert the_task().title == "Second"


def test_who_saw_an_older_task_restores_nothing(login_as: LoginAs) -> None:
    a_task_of_versions(given(title="First"), given(title="Second"))
    editor = login_as(Role.EDITOR)
    answer = restore(editor, 1, version="1")
    assert answer.status_code == 409
    assert "was changed by somebody else in the meantime" in answer.text
    assert the_task().title == "Second"


def test_a_source_that_is_gone_is_said_and_nothing_is_restored(login_as: LoginAs) -> None:
    a_source(slug="old-source")
    a_task_of_versions(given(settings={"source": "old-source"}), given())
    with transaction() as session:
        session.execute(delete(Source).where(Source.slug == "old-source"))
    author = login_as(Role.AUTHOR)
    answer = restore(author, 1)
    assert answer.status_code == 422
    assert "reads the source “old-source”, which does not exist any more" in answer.text
    assert the_task().settings["source"] == "demo"
    form = author.get("/tasks/a-report/edit?version=1").text
    assert "FROM DUMMY" in form


def test_a_next_task_that_would_close_a_circle_is_refused(login_as: LoginAs) -> None:
    a_task_of_versions(given())
    with transaction() as session:
        other = given(slug="other", title="Other")
        create_task(session, content_of(**other), changed_by="ayse")
    change(**given(chains=[ChainContent(task="other")]))
    change(**given())
    with transaction() as session:
        other_task = session.scalars(select(TaskDefinition).filter_by(slug="other")).one()
        back = content_of(**other, chains=[ChainContent(task="a-report")])
        change_task(session, other_task, back, version=1, changed_by="ayse")
    answer = restore(login_as(Role.AUTHOR), 2)
    assert answer.status_code == 422
    assert "This would never end" in answer.text
