"""Companies on the forms: those of the source are offered, any other is refused in words."""

from collections.abc import Mapping

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.models import Role, Run, Source
from tasks.settings import settings
from tests.support.factories import a_source, a_task
from tests.support.valkey import Valkey
from tests.web.conftest import LoginAs
from tests.web.schedules_support import FILLED, NEW, the_schedule
from tests.web.test_parameter_controls import flat
from tests.web.test_tasks_editing import FILLED as TASK
from tests.web.test_tasks_editing import a_row, tasks_kept

RUNS = "/tasks/a-report/runs"
FORM = "/tasks/a-report/runs/new"
COMPANY = {"name": "company", "type": "company", "label": "Company"}
COMPANIES = {"name": "companies", "type": "companies", "label": "Companies", "required": False}
TWO = ["SBODEMOTR", "SBODEMODE"]


@pytest.fixture(autouse=True)
def broker(valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()


def a_report(*parameters: Mapping[str, object], companies: list[str]) -> None:
    a_source()
    with transaction() as session:
        session.scalars(select(Source)).one().companies = companies
    a_task(
        settings={"source": "demo", "sql": "SELECT 1", "formats": ["csv"]}, parameters=parameters
    )


def the_runs() -> list[Run]:
    with reading() as session:
        return list(session.scalars(select(Run)))


def test_the_form_offers_the_companies_of_the_source(login_as: LoginAs) -> None:
    a_report(COMPANY, COMPANIES, companies=TWO)
    page = flat(login_as(Role.OPERATOR).get(FORM).text)
    for name in TWO:
        assert f'<option value="{name}" >{name}</option>' in page
        assert f'<input name="parameters-companies" type="checkbox" value="{name}" >' in page
    assert "None means all of them." in page


def test_a_source_without_a_list_offers_its_own_schema(login_as: LoginAs) -> None:
    a_report(COMPANY, companies=[])
    page = flat(login_as(Role.OPERATOR).get(FORM).text)
    assert '<option value="SBODEMOTR" >SBODEMOTR</option>' in page


def test_what_is_chosen_is_kept(login_as: LoginAs) -> None:
    a_report(COMPANY, COMPANIES, companies=TWO)
    fields = {"parameters-company": "SBODEMODE", "parameters-companies": ["", *TWO]}
    assert login_as(Role.OPERATOR).submit(RUNS, page=FORM, **fields).status_code == 303
    (run,) = the_runs()
    assert run.parameters == {"company": "SBODEMODE", "companies": TWO}


@pytest.mark.parametrize("given", ["SYS", 'SBODEMOTR"."OINV" --'])
def test_a_company_that_is_not_offered_promises_no_run(login_as: LoginAs, given: str) -> None:
    a_report(COMPANY, companies=TWO)
    answer = login_as(Role.OPERATOR).submit(RUNS, page=FORM, **{"parameters-company": given})
    assert answer.status_code == 422
    assert "is not a company that this report may read" in answer.text
    assert the_runs() == []


def test_a_schedule_takes_only_a_company_that_is_offered(login_as: LoginAs) -> None:
    a_report(COMPANY | {"default": "SBODEMOTR"}, companies=TWO)
    editor = login_as(Role.EDITOR)
    refused = editor.submit("/schedules", page=NEW, **FILLED | {"parameters-company": "SYS"})
    assert refused.status_code == 422
    assert "is not a company that this report may read" in refused.text
    taken = editor.submit("/schedules", page=NEW, **FILLED | {"parameters-company": "SBODEMODE"})
    assert taken.status_code == 303
    assert the_schedule().parameters == {"company": "SBODEMODE"}


def test_an_author_lets_a_task_choose_companies(login_as: LoginAs) -> None:
    a_source()
    author = login_as(Role.AUTHOR)
    sent = TASK | {"sql": "SELECT 1 AS A FROM {schema}.DUMMY"}
    sent |= a_row(0, name="firms", type="companies", label="", choices="", default="")
    assert author.submit("/tasks", page="/tasks/new", **sent).status_code == 303


def test_two_parameters_for_companies_are_refused(login_as: LoginAs) -> None:
    a_source()
    rows = a_row(0, name="one", type="company") | a_row(1, name="other", type="companies")
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **TASK | rows)
    assert answer.status_code == 422
    assert "only a report can choose companies, and by one parameter only" in answer.text
    assert tasks_kept() == 0


def test_the_page_of_a_run_says_that_all_companies_are_meant(login_as: LoginAs) -> None:
    a_report(COMPANIES, companies=TWO)
    viewer = login_as(Role.OPERATOR)
    viewer.submit(RUNS, page=FORM)
    (run,) = the_runs()
    assert run.parameters == {"companies": None}
    assert "all of the source" in viewer.get(f"/runs/{run.id}").text
