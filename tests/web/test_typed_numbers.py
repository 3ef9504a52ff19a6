"""Numbers typed into forms: read the same in both languages, kept plainly, shown as one types."""

from typing import Any

import pytest
from sqlalchemy import select

from tasks.chains import chains_of
from tasks.db import reading
from tasks.models import Role, Run, Schedule
from tasks.settings import settings
from tests.support.factories import a_schedule, a_source, a_task
from tests.support.valkey import Valkey
from tests.web.conftest import Browser, LoginAs
from tests.web.test_tasks_editing import EDIT, FILLED, a_row, the_task

RUNS, FORM = "/tasks/a-report/runs", "/tasks/a-report/runs/new"
LIMIT = {"name": "limit", "type": "decimal", "label": "Limit", "default": "12.345"}
COUNT = {"name": "count", "type": "integer", "label": "Count", "default": "7"}
SLUG = "subat-cikislari"


@pytest.fixture(autouse=True)
def broker(valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", valkey_server.url)
    settings.cache_clear()


@pytest.fixture(params=["en", "tr"])
def author(request: pytest.FixtureRequest, login_as: LoginAs) -> Browser:
    a_source()
    browser = login_as(Role.AUTHOR)
    browser.set_cookie("language", request.param)
    return browser


def in_turkish(browser: Browser) -> Browser:
    browser.set_cookie("language", "tr")
    return browser


def the_run() -> Run:
    with reading() as session:
        return session.scalars(select(Run)).one()


def control(page: str, name: str) -> str:
    """What stands in a control of the page."""
    behind = " ".join(page.split()).split(f'name="{name}"')[1]
    return behind.split('value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("typed", "kept"), [("1.000,50", "1000.5"), ("1,000.50", "1000.5"), ("12,5", "12.5")]
)
def test_a_parameter_is_read_by_either_writing(author: Browser, typed: str, kept: str) -> None:
    a_task(parameters=[LIMIT])
    answer = author.submit(RUNS, page=FORM, **{"parameters-limit": typed})
    assert answer.status_code == 303
    assert the_run().parameters == {"limit": kept}


@pytest.mark.parametrize("address", [RUNS, "/tasks/a-report/trial"])
def test_a_parameter_with_two_meanings_is_refused_beside_its_control(
    author: Browser, address: str
) -> None:
    a_task(parameters=[LIMIT])
    page = author.submit(address, page=FORM, **{"parameters-limit": "1.000"})
    assert page.status_code == 422
    assert 'id="error-parameters-limit"' in page.text
    assert "1.000" in page.text
    assert control(page.text, "parameters-limit") == "1.000"


def test_the_two_ways_are_written_as_the_reader_types(login_as: LoginAs) -> None:
    a_task(parameters=[LIMIT])
    browser = login_as(Role.OPERATOR)
    english = browser.submit(RUNS, page=FORM, **{"parameters-limit": "1,000"}).text
    assert "can be read in two ways. Write 1000 or 1.0000." in english
    turkish = in_turkish(browser).submit(RUNS, page=FORM, **{"parameters-limit": "1,000"}).text
    assert "1,0000" in turkish
    assert "1.0000" not in turkish


def test_a_default_is_shown_as_the_reader_types_it_and_taken_unchanged(author: Browser) -> None:
    a_task(parameters=[LIMIT, COUNT])
    page = author.get(FORM).text
    shown = control(page, "parameters-limit")
    assert shown in ("12.3450", "12,3450")
    assert author.submit(RUNS, page=FORM, **{"parameters-limit": shown}).status_code == 303
    assert the_run().parameters == {"limit": "12.345", "count": 7}


def test_a_whole_number_is_read_by_what_it_can_mean(author: Browser) -> None:
    a_task(parameters=[COUNT])
    assert author.submit(RUNS, page=FORM, **{"parameters-count": "1.500"}).status_code == 303
    assert the_run().parameters == {"count": 1500}
    assert author.submit(RUNS, page=FORM, **{"parameters-count": "2.000"}).status_code == 422


def test_a_bound_is_told_as_the_reader_types_it(login_as: LoginAs) -> None:
    a_task(parameters=[LIMIT | {"minimum": "12.25", "default": ""}])
    browser = in_turkish(login_as(Role.OPERATOR))
    assert "12,25" in browser.get(FORM).text
    refused = browser.submit(RUNS, page=FORM, **{"parameters-limit": "11.5"})
    assert "11,5" in refused.text
    assert "12.25" not in refused.text


def test_a_schedule_keeps_a_number_plainly_and_shows_it_again(author: Browser) -> None:
    schedule = a_schedule(a_task(parameters=[LIMIT]), parameters={"limit": "1000.125"})
    address = f"/schedules/{schedule.id}/edit"
    shown = control(author.get(address).text, "parameters-limit")
    assert shown in ("1000.125", "1000,125")
    fields = {"pattern": "cron", "cron": "0 9 * * *", "timezone": "UTC", "enabled": "on"}
    fields |= {"starts_at": "2026-01-01T00:00", "catch_up": "last", "on_holiday": "run"}
    fields |= {"catch_up_window_seconds": "1", "catch_up_window_seconds-unit": "days"}
    fields |= {"version": "1"}
    answer = author.submit(address, **fields, **{"parameters-limit": "12.345,5"})
    assert answer.status_code == 303
    with reading() as session:
        assert session.get_one(Schedule, schedule.id).parameters == {"limit": "12345.5"}
    refused = author.submit(address, **fields | {"version": "2"}, **{"parameters-limit": "1.000"})
    assert refused.status_code == 422


@pytest.mark.parametrize("name", ["default", "minimum", "maximum"])
def test_the_numbers_of_a_parameter_are_kept_plainly(author: Browser, name: str) -> None:
    row = a_row(type="decimal", default="") | {f"parameters-0-{name}": "1.000,5"}
    assert author.submit("/tasks", page="/tasks/new?job=report", **FILLED | row).status_code == 303
    assert the_task(SLUG).parameters[0][name] == "1000.5"
    page = author.get(f"/tasks/{SLUG}/edit").text
    assert control(page, f"parameters-0-{name}") in ("1000.5", "1000,5")
    row |= {f"parameters-0-{name}": "1.000", "version": "1"}
    refused = author.submit(f"/tasks/{SLUG}/edit", **FILLED | row)
    assert refused.status_code == 422
    assert f'id="error-parameters-0-{name}"' in refused.text


def test_a_chain_hands_on_a_number_plainly(author: Browser) -> None:
    a_task("orders", title="Orders", parameters=[LIMIT])
    a_task()
    chain = {
        "chains-0-on": "success",
        "chains-0-task": "orders",
        "chains-0-from-limit": "value",
        "chains-0-value-limit": "1.000,5",
        "version": "1",
    }
    refused = author.submit(EDIT, **FILLED | chain | {"chains-0-value-limit": "1.000"})
    assert refused.status_code == 422
    assert author.submit(EDIT, **FILLED | chain).status_code == 303
    with reading() as session:
        (kept,) = chains_of(session, session.merge(the_task("a-report")))
    assert kept.kept() == {"limit": {"value": "1000.5"}}
    assert control(author.get(EDIT).text, "chains-0-value-limit") in ("1000.5", "1000,5")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("max_rows", "10.000"),
        ("pdf_max_rows", "10,000"),
        ("mail-rows", "1.000"),
        ("artifact_retention_days", "1.000"),
        ("timeout_seconds", "1.000"),
    ],
)
def test_ten_thousand_is_never_saved_as_ten(author: Browser, name: str, typed: str) -> None:
    fields = FILLED | {name: typed}
    refused = author.submit("/tasks", page="/tasks/new?job=report", **fields)
    assert refused.status_code == 422
    assert f'id="error-{name}"' in refused.text


@pytest.mark.parametrize(
    ("operator", "typed", "kept"),
    [
        ("<", "1.000,5", "1000.5"),
        ("<", "12,3450", "12.3450"),
        ("<", "31.01.2026", "31.01.2026"),
        ("=", "120.320", "120.320"),
    ],
)
def test_a_colour_compares_with_what_was_meant(
    author: Browser, operator: str, typed: str, kept: str
) -> None:
    rule = {
        "looks-rules-0-column": "Net",
        "looks-rules-0-operator": {"<": "less", "=": "equal"}[operator],
        "looks-rules-0-value": typed,
        "looks-rules-0-colour": "red",
    }
    saved = author.submit("/tasks", page="/tasks/new?job=report", **FILLED | rule)
    assert saved.status_code == 303
    assert the_task(SLUG).settings["looks"]["rules"][0]["value"] == kept
    again: dict[str, Any] = rule | {"version": "1"}
    again["looks-rules-0-value"] = control(
        author.get(f"/tasks/{SLUG}/edit").text, "looks-rules-0-value"
    )
    assert author.submit(f"/tasks/{SLUG}/edit", **FILLED | again).status_code == 303
    assert the_task(SLUG).settings["looks"]["rules"][0]["value"] == kept


def test_a_colour_with_two_meanings_is_refused_where_it_is_typed(author: Browser) -> None:
    rule = {
        "looks-rules-0-column": "Net",
        "looks-rules-0-operator": "less",
        "looks-rules-0-value": "1.000",
    }
    refused = author.submit("/tasks", page="/tasks/new?job=report", **FILLED | rule)
    assert refused.status_code == 422
    assert 'id="error-looks-rules-0-value"' in refused.text
