"""The versions of a task: their list, and one against another."""

from sqlalchemy import select

from tasks.chains import ChainContent
from tasks.db import transaction
from tasks.definitions import TaskContent, switch_task
from tasks.models import Role, RunState, TaskDefinition
from tasks.queries.versions import PAGE
from tasks.reports.parameters import ParameterDefinition
from tasks.reports.settings import ReportSettings
from tests.support.factories import a_run, a_task
from tests.web.conftest import LoginAs
from tests.web.versions_support import VERSIONS, a_task_of_versions, change, given, row_of, the_task
from webui.tasks.parameter_lines import LABELS as FACTS
from webui.tasks.version_changes import GROUPS, RETRY
from webui.tasks.version_words import LABELS


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


def test_how_a_mail_is_sent_is_said_in_words(login_as: LoginAs) -> None:
    mail = {"cc": ["cfo@example.com"], "attach": "link", "html": True, "rows": 5}
    a_task_of_versions(given(settings={"mail": mail | {"stop_link": True}}))
    page = login_as(Role.VIEWER).get(f"{VERSIONS}/1").text
    for line in (
        "Copies to (CC): cfo@example.com",
        "The files come: As a link that works for some days",
        "First rows in the mail: 5",
        "The mail has a formatted form, too",
        "End the mail with how to stop it",
    ):
        assert line in page
    assert "stop_link" not in page
