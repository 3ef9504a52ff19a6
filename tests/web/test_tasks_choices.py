"""Choices of a query on the pages: searched in the form, and looked at without a script."""

from pathlib import Path

import duckdb
import pytest
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Role, Run, Schedule
from tasks.reports.choice_lists import MOST
from tests.support.factories import a_run, a_schedule, a_task
from tests.web.choices_support import CHOICES, CUSTOMER, FORM, PART, values
from tests.web.choices_support import company as company  # a fixture of each test
from tests.web.choices_support import source as source  # a fixture
from tests.web.conftest import LoginAs

RUNS = "/tasks/a-report/runs"
SEVERAL = CUSTOMER | {"type": "multi_choice_sql", "required": False}


@pytest.mark.usefixtures("source")
def test_a_search_finds_whatever_the_case_and_the_letters(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    operator = login_as(Role.OPERATOR)
    for search in ("is", "İS", "ıs"):
        part = operator.get(CHOICES, query_string={"q": search}, headers=PART).text
        assert values(part) == ["C2", "C1"]
        assert "2 choices" in part
    assert "<html" not in part
    assert "Isparta &lt;Gül&gt;" in part


@pytest.mark.usefixtures("source")
def test_of_several_the_code_behind_the_last_comma_is_searched(login_as: LoginAs) -> None:
    a_task(parameters=[SEVERAL])
    typed = {"parameters-customer": "C1, deni"}
    part = login_as(Role.OPERATOR).get(CHOICES, query_string=typed, headers=PART).text
    assert values(part) == ["C3"]


@pytest.mark.usefixtures("source")
def test_without_a_script_it_is_a_page_with_a_link_to_the_form(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    operator = login_as(Role.OPERATOR)
    page = operator.get(f"{CHOICES}?q=deniz").text
    assert f'href="{FORM}?parameters-customer=C3"' in page
    assert "C1" not in page
    assert 'value="C3"' in operator.get(f"{FORM}?parameters-customer=C3").text


@pytest.mark.usefixtures("source")
def test_what_is_not_found_is_said_in_the_readers_language(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    part = login_as(Role.OPERATOR).get(f"{CHOICES}?q=<b>nobody", headers=PART).text
    assert values(part) == []
    assert "No choice holds “&lt;b&gt;nobody”." in part


@pytest.mark.usefixtures("source")
def test_the_first_twenty_are_shown_and_more_than_are_searched_are_told(
    login_as: LoginAs, company: Path
) -> None:
    a_task(parameters=[CUSTOMER])
    with duckdb.connect(company) as connection:
        connection.execute(
            f"""INSERT INTO SBODEMOTR."OCRD"
            SELECT 'X' || range, 'Xenia ' || range, 'C', '' FROM range({MOST})"""
        )
    part = login_as(Role.OPERATOR).get(CHOICES, headers=PART).text
    assert len(values(part)) == 20
    assert f"The first 20 of {MOST}" in part
    assert f"Only the first {MOST} choices are searched" in part


@pytest.mark.usefixtures("source")
def test_a_source_that_is_away_is_said_and_the_code_can_be_typed(
    login_as: LoginAs, company: Path
) -> None:
    a_task(parameters=[CUSTOMER])
    company.unlink()
    operator = login_as(Role.OPERATOR)
    answer = operator.get(CHOICES, headers=PART)
    assert answer.status_code == 200
    assert "Type the code itself. The file of the source demo cannot be opened" in answer.text
    sent = operator.submit(RUNS, page=FORM, **{"parameters-customer": "C1"})
    assert sent.status_code == 303
    assert the_run().parameters == {"customer": "C1"}


@pytest.mark.usefixtures("source")
def test_several_codes_are_kept_as_a_list_and_shown_again(login_as: LoginAs) -> None:
    task = a_task(parameters=[SEVERAL])
    operator = login_as(Role.OPERATOR)
    operator.submit(RUNS, page=FORM, **{"parameters-customer": "C1, C3, "})
    assert the_run().parameters == {"customer": ["C1", "C3"]}
    a_run(task)
    page = operator.get(f"{FORM}?like={the_run().id}").text
    assert 'value="C1, C3"' in page
    assert 'role="combobox"' in page


@pytest.mark.usefixtures("source")
def test_a_schedule_takes_codes_too(login_as: LoginAs) -> None:
    task = a_task(parameters=[SEVERAL])
    schedule = a_schedule(task)
    edit = f"/schedules/{schedule.id}/edit"
    admin = login_as(Role.ADMIN)
    assert f'hx-get="{CHOICES}"' in admin.get(edit).text
    sent = {
        "task": task.slug,
        "version": "1",
        "pattern": "cron",
        "cron": "* * * * *",
        "timezone": "UTC",
        "on_holiday": "run",
        "catch_up": "last",
        "parameters-customer": "C2,C1",
    }
    assert admin.submit(edit, page=edit, **sent).status_code == 303
    with reading() as session:
        kept = session.get_one(Schedule, schedule.id).parameters
    assert kept["customer"] in ("C2,C1", ["C2", "C1"])


@pytest.mark.usefixtures("source")
def test_only_who_may_run_the_task_sees_its_choices(login_as: LoginAs) -> None:
    a_task(parameters=[CUSTOMER])
    refused = login_as(Role.VIEWER).get(CHOICES, headers=PART)
    assert refused.status_code == 403
    assert "Deniz" not in refused.text


@pytest.mark.parametrize(
    "path", ["/tasks/a-report/choices/day", "/tasks/a-report/choices/x", "/tasks/none/choices/day"]
)
@pytest.mark.usefixtures("source")
def test_a_parameter_without_a_query_has_no_choices(login_as: LoginAs, path: str) -> None:
    a_task(parameters=[{"name": "day", "type": "date"}])
    assert login_as(Role.OPERATOR).get(path).status_code == 404


def the_run() -> Run:
    with reading() as session:
        return session.scalars(select(Run).order_by(Run.id)).first() or Run()
