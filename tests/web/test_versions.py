"""The versions of a task: their list, one against another, and restoring one."""

from typing import Any

from sqlalchemy import delete, select

from tasks.chains import ChainContent, ChainValue
from tasks.db import reading, transaction
from tasks.definitions import TaskContent, change_task, content_of, create_task, switch_task
from tasks.models import Role, RunState, Source, TaskDefinition, TaskVersion
from tasks.queries.versions import PAGE
from tasks.reports.parameters import ParameterDefinition
from tasks.reports.settings import ReportSettings
from tests.support.factories import a_run, a_source, a_task
from tests.web.conftest import Browser, LoginAs
from webui.tasks.parameter_lines import LABELS as FACTS
from webui.tasks.version_changes import GROUPS, RETRY
from webui.tasks.version_words import LABELS

SQL = "SELECT 1 AS A\nFROM DUMMY"
VERSIONS = "/tasks/a-report/versions"
CALL = {"url": "https://example.com/x", "headers": ["Authorization: Bearer top-secret"]}


def given(**values: Any) -> dict[str, Any]:
    settings = {"source": "demo", "sql": SQL} | values.pop("settings", {})
    return {"slug": "a-report", "title": "A report", "settings": settings} | values


def a_task_of_versions(*versions: dict[str, Any]) -> None:
    """Save a task, and change it to each of the versions after the first."""
    a_source()
    first, *others = versions
    with transaction() as session:
        task = create_task(session, content_of(**first), changed_by="ayse")
    for one in others:
        change(**one)
    assert task.slug == "a-report"


def change(**values: Any) -> None:
    with transaction() as session:
        task = session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()
        content = content_of(**values)
        change_task(session, task, content, version=task.version, changed_by="mehmet")


def the_task() -> TaskDefinition:
    with reading() as session:
        return session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()


def kept_numbers() -> list[int]:
    with reading() as session:
        return list(session.scalars(select(TaskVersion.version).order_by(TaskVersion.version)))


def restore(browser: Browser, number: int, **fields: Any) -> Any:
    page = f"{VERSIONS}/{number}"
    return browser.submit(
        f"{page}/restorations", page=page, **({"version": str(the_task().version)} | fields)
    )


def row_of(page: str, number: int) -> str:
    return " ".join(page.split(f"Version {number}</a>")[1].split("</tr>")[0].split())


def test_the_list_says_what_changed_when_and_by_whom(login_as: LoginAs) -> None:
    a_task_of_versions(
        given(),
        given(settings={"sql": "SELECT 2", "recipients": ["a@example.com"]}, max_attempts=5),
    )
    with transaction() as session:
        task = session.scalars(select(TaskDefinition)).one()
        switch_task(session, task, is_active=False, changed_by="ali")
    page = login_as(Role.VIEWER).get(VERSIONS).text
    assert "<td>The task was made</td>" in row_of(page, 1)
    assert "<td>SQL, Recipients, Retry</td>" in row_of(page, 2)
    assert "mehmet" in row_of(page, 2)
    assert "<td>It was switched off</td>" in row_of(page, 3)
    assert "ali" in row_of(page, 3)


def test_a_long_list_is_paged_by_the_number_of_the_version(login_as: LoginAs) -> None:
    a_task_of_versions(*(given(title=f"Title {number}") for number in range(PAGE + 2)))
    viewer = login_as(Role.VIEWER)
    first = viewer.get(VERSIONS).text
    assert f"versions?before={3}" in first
    assert '/versions/2"' not in first
    second = viewer.get(f"{VERSIONS}?before=3").text
    assert '/versions/2"' in second
    assert '/versions/3"' not in second
    assert "<td>Title</td>" in row_of(second, 2)
    assert "No version is kept here" in viewer.get(f"{VERSIONS}?before=1").text


def test_a_version_shows_what_differs_from_the_one_before(login_as: LoginAs) -> None:
    a_task_of_versions(
        given(parameters=[{"name": "day", "type": "date", "default": "today"}]),
        given(
            title="Other",
            settings={"sql": "SELECT 1 AS A\nFROM OCRD", "recipients": ["a@example.com"]},
            parameters=[{"name": "day", "type": "date", "default": "yesterday"}],
            timeout_seconds=60,
        ),
    )
    page = login_as(Role.VIEWER).get(f"{VERSIONS}/2").text
    assert "From version 1 to version 2" in page
    for sign, line in (
        ("removed", "FROM DUMMY"),
        ("added", "FROM OCRD"),
        ("same", "SELECT 1 AS A"),
    ):
        assert f'<span class="lines__words">{line}</span>' in page.split(f"lines__line--{sign}")[1]
    for words in ("15 minutes</del>", "1 minute</ins>", "A report</del>", "Other</ins>"):
        assert words in page
    assert ":day · Default: today" in page
    assert ":day · Default: yesterday" in page
    assert '<span class="lines__words">a@example.com</span>' in page


def test_each_field_of_a_report_has_a_name_in_the_readers_words() -> None:
    fields = set(TaskContent.model_fields) - {"slug", "settings"}
    fields |= {f"settings.{name}" for name in ReportSettings.model_fields}
    assert fields == LABELS.keys()
    retry = {name for name in fields if name.startswith(RETRY)}
    assert fields - retry - {"job", "is_active"} == GROUPS.keys()
    assert set(ParameterDefinition.model_fields) - {"name"} == FACTS.keys()


def test_nothing_is_said_in_words_too(login_as: LoginAs) -> None:
    a_task_of_versions(
        given(max_running=3, start_deadline_seconds=60, settings={"totals": ["Amount"]}),
        given(settings={"totals": []}),
        given(),
    )
    viewer = login_as(Role.VIEWER)
    page = viewer.get(f"{VERSIONS}/2").text
    for words in ("3</del>", "no limit</ins>", "1 minute</del>", "–</ins>"):
        assert words in page
    assert '<span class="lines__words">Amount</span>' in page
    assert "None</del>" in viewer.get(f"{VERSIONS}/3").text


def test_a_version_can_be_compared_with_any_other(login_as: LoginAs) -> None:
    a_task_of_versions(given(title="One"), given(title="Two"), given(title="Three"))
    viewer = login_as(Role.VIEWER)
    page = viewer.get(f"{VERSIONS}/3?against=1").text
    assert "One</del>" in page
    assert "Three</ins>" in page
    assert viewer.get(f"{VERSIONS}/3?against=9").status_code == 404
    assert "Two</del>" in viewer.get(f"{VERSIONS}/3?against=x").text


def test_sql_of_a_version_is_never_taken_for_markup(login_as: LoginAs) -> None:
    a_task_of_versions(given(), given(settings={"sql": "SELECT '<script>' FROM DUMMY"}))
    assert "<script>'" not in login_as(Role.VIEWER).get(f"{VERSIONS}/2").text


def test_an_unknown_version_is_not_found(login_as: LoginAs) -> None:
    a_task_of_versions(given())
    viewer = login_as(Role.VIEWER)
    assert viewer.get(f"{VERSIONS}/2").status_code == 404
    assert viewer.get("/tasks/nothing/versions").status_code == 404


def test_chains_are_compared_too(login_as: LoginAs) -> None:
    a_task("next-one", title="The next one")
    a_task_of_versions(given(), given(chains=[ChainContent(on="failure", task="next-one")]))
    viewer = login_as(Role.VIEWER)
    assert "<td>What runs next</td>" in row_of(viewer.get(VERSIONS).text, 2)
    assert "after failure: The next one" in viewer.get(f"{VERSIONS}/2").text


def secret(name: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "type": "text"} | values


def test_what_a_secret_parameter_holds_is_shown_in_no_version(login_as: LoginAs) -> None:
    choices = {"type": "choice", "choices": ["hid-1", "hid-2"], "default": "hid-1"}
    a_task_of_versions(
        given(parameters=[secret("api_key", default="hid-3"), secret("tokens", **choices)]),
        given(parameters=[secret("api_key", default="hid-4"), secret("tokens", **choices)]),
        given(),
    )
    viewer = login_as(Role.VIEWER)
    pages = [viewer.get(f"{VERSIONS}/{number}").text for number in (1, 2, 3)]
    assert not any("hid-" in page for page in pages)
    assert ":api_key · Default: ***" in pages[0]
    assert ":tokens · Choices: ***" in pages[0]
    changes = pages[1].split("From version 1 to version 2")[1].split("</section>")[0]
    assert ":api_key · Default: *** (changed)" in changes
    assert ":tokens · Choices: *** (changed)" not in changes
    assert "(changed)" not in pages[2]


def test_a_secret_that_is_handed_on_is_shown_in_no_version(login_as: LoginAs) -> None:
    a_task("next-one", title="The next", parameters=[secret("password"), secret("city")])
    a_task_of_versions(
        given(chains=[handing(password="hid-1", city="Bursa")]),
        given(chains=[handing(password="hid-2", city="Bursa")]),
        given(),
    )
    viewer = login_as(Role.VIEWER)
    pages = [viewer.get(f"{VERSIONS}/{number}").text for number in (1, 2, 3)]
    assert not any("hid-" in page for page in pages)
    assert "The next · password = ***" in pages[0]
    assert "The next · city = Bursa" in pages[0]
    changes = pages[1].split("From version 1 to version 2")[1].split("</section>")[0]
    assert "The next · password = *** (changed)" in changes


def handing(**values: str) -> ChainContent:
    given = {name: ChainValue(value=value) for name, value in values.items()}
    return ChainContent(on="success", task="next-one", parameters=given)


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


def test_what_a_call_does_is_hidden_from_all_but_authors(login_as: LoginAs) -> None:
    other = CALL | {"headers": ["Authorization: Bearer newer-secret"]}
    base = {"slug": "a-report", "title": "A call", "job": "http_call"}
    a_task_of_versions(base | {"settings": CALL}, base | {"settings": other})
    editor = login_as(Role.EDITOR)
    page = editor.get(f"{VERSIONS}/2").text
    assert "secret" not in page
    assert "Only an author sees how: it may hold a password." in page
    assert "<td>What it does</td>" in row_of(editor.get(VERSIONS).text, 2)
    assert "Restore this version" not in editor.get(f"{VERSIONS}/1").text
    assert restore(editor, 1, csrf_token=editor.token("/tasks")).status_code == 403
    shown = login_as(Role.AUTHOR).get(f"{VERSIONS}/2").text
    assert "top-secret" in shown
    assert "newer-secret" in shown


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


def test_a_version_opens_in_the_form_of_its_task(login_as: LoginAs) -> None:
    a_task_of_versions(given(title="First", timeout_seconds=120), given(title="Second"))
    form = login_as(Role.EDITOR).get("/tasks/a-report/edit?version=1").text
    assert 'value="First"' in form
    assert "This is version 1. It is taken back once you save." in form
    assert '<input type="hidden" name="version" value="2">' in form


def test_a_run_leads_to_its_version_and_says_when_the_task_has_changed(login_as: LoginAs) -> None:
    a_task_of_versions(given(title="First"))
    run = a_run(the_task(), state=RunState.SUCCEEDED)
    waiting = a_run(the_task())
    viewer = login_as(Role.VIEWER)
    page = viewer.get(f"/runs/{run.id}").text
    assert f'href="{VERSIONS}/1"' in page
    assert "The task has changed since." not in page
    change(**given(title="Second"))
    assert "The task has changed since." in viewer.get(f"/runs/{run.id}").text
    assert "The task has changed since." not in viewer.get(f"/runs/{waiting.id}").text


def test_the_page_of_a_task_leads_to_its_versions(login_as: LoginAs) -> None:
    a_task_of_versions(given())
    assert f'href="{VERSIONS}"' in login_as(Role.VIEWER).get("/tasks/a-report").text
