"""The page of one run: why it ended so, its facts, files, deliveries, attempts and events."""

import re
from datetime import UTC, datetime
from typing import Any

from tasks.errors import ErrorKind
from tasks.models import DeliveryState, RunState
from tests.support.factories import a_run, a_task
from tests.web.conftest import Browser
from tests.web.runs_support import PARTIAL, a_delivery, a_file, an_attempt, an_event

DAY: list[dict[str, Any]] = [{"name": "day", "type": "date", "label": "Day", "default": "today"}]


def test_an_unknown_run_is_not_found(viewer: Browser) -> None:
    assert viewer.get("/runs/99").status_code == 404


def test_the_first_line_says_why_it_failed(viewer: Browser) -> None:
    run = a_run(state=RunState.FAILED, error="Line 3: no OINV.", error_kind=ErrorKind.SQL)
    page = viewer.get(f"/runs/{run.id}").text
    assert page.index("The SQL is wrong") < page.index("Line 3: no OINV.") < page.index("Attempts")


def test_the_kind_of_error_is_said_in_the_language_of_the_reader(viewer: Browser) -> None:
    run = a_run(state=RunState.FAILED, error="No OINV.", error_kind=ErrorKind.SQL)
    viewer.set_cookie("language", "tr")
    assert "The SQL is wrong" not in viewer.get(f"/runs/{run.id}").text


def test_a_relative_date_is_shown_as_the_day_that_was_meant(viewer: Browser) -> None:
    run = a_run(
        a_task(parameters=DAY),
        parameters={"day": "first_of_month"},
        scheduled_for=datetime(2026, 3, 16, 9, tzinfo=UTC),
    )
    page = viewer.get(f"/runs/{run.id}").text
    assert "Mar 1, 2026 (first day of this month)" in page


def test_a_run_that_has_read_shows_the_values_that_it_read_with(viewer: Browser) -> None:
    since = {"name": "p", "type": "since_last_success", "label": "Since"}
    span = {"name": "r", "type": "date_range", "label": "Period"}
    run = a_run(
        a_task(parameters=[*DAY, since, span]),
        parameters={"day": "previous_working_day", "p": "since_last_success", "r": "today/today"},
        resolved={
            "day": "2026-03-13",
            "p": "2026-03-12T06:00:00/2026-03-13T06:00:00",
            "r": "2026-03-13/2026-03-14",
        },
        scheduled_for=datetime(2026, 3, 20, 9, tzinfo=UTC),
    )
    page = viewer.get(f"/runs/{run.id}").text
    assert "Mar 13, 2026 (the working day before)" in page
    assert re.search(r"Mar 12, 2026, 6:00:00\sAM – Mar 13, 2026, 6:00:00\sAM", page)
    assert "(from the last success)" in page
    assert "Mar 13, 2026 – Mar 14, 2026 (today – today)" in page


def test_a_parameter_whose_name_says_that_it_is_secret_is_not_shown(viewer: Browser) -> None:
    run = a_run(
        a_task(parameters=[{"name": "api_key", "label": "Key"}]), parameters={"api_key": "geheim"}
    )
    page = viewer.get(f"/runs/{run.id}").text
    assert "geheim" not in page
    assert "***" in page


def test_a_secret_is_not_shown_either_where_the_parameters_cannot_be_read(viewer: Browser) -> None:
    unreadable = [{"name": "api_key", "type": "gone"}]
    run = a_run(a_task(parameters=unreadable), parameters={"api_key": "geheim", "city": "Bursa"})
    page = viewer.get(f"/runs/{run.id}").text
    assert "geheim" not in page
    assert "Bursa" in page


def test_parameters_that_no_longer_fit_are_shown_as_they_were_kept(viewer: Browser) -> None:
    run = a_run(a_task(parameters=DAY), parameters={"day": "someday"})
    assert "someday" in viewer.get(f"/runs/{run.id}").text


def test_attempts_and_events_are_told(viewer: Browser) -> None:
    run = a_run(state=RunState.RUNNING)
    an_attempt(run, log="08:00 started\n")
    an_event(run)
    page = viewer.get(f"/runs/{run.id}").text
    assert "worker-1" in page
    assert "08:00 started" in page


def test_the_poll_is_silent_until_something_changes(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    delivery = a_delivery(run)
    an_event(run)
    version = viewer.get(f"/runs/{run.id}").text.split("since=")[1].split("&")[0]
    address = f"/runs/{run.id}?since={version}"
    assert viewer.get(address, headers=PARTIAL).status_code == 204
    an_event(run)
    answer = viewer.get(address, headers=PARTIAL)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert delivery.recipient in answer.text


def test_a_run_that_is_over_is_not_polled(viewer: Browser) -> None:
    over, waiting = a_run(state=RunState.SUCCEEDED), a_run()
    assert "poll from:body" not in viewer.get(f"/runs/{over.id}").text
    assert "poll from:body" in viewer.get(f"/runs/{waiting.id}").text


def test_only_files_of_the_finished_attempt_are_offered(viewer: Browser) -> None:
    failed = a_run(state=RunState.FAILED)
    a_file(failed, "half.csv")
    good = a_run(state=RunState.SUCCEEDED, attempt=2)
    a_file(good, "whole.csv")
    a_file(good, "first-try.csv", attempt=1)
    assert "half.csv" not in viewer.get(f"/runs/{failed.id}").text
    page = viewer.get(f"/runs/{good.id}").text
    assert "whole.csv" in page
    assert "first-try.csv" not in page


def test_a_viewer_is_offered_no_action(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_delivery(run, state=DeliveryState.FAILED)
    page = viewer.get(f"/runs/{run.id}").text
    assert "Run again" not in page
    assert "Send again" not in page


def test_an_operator_is_offered_what_the_state_allows(operator: Browser) -> None:
    waiting, over = a_run(), a_run(state=RunState.FAILED)
    assert "/cancellation" in operator.get(f"/runs/{waiting.id}").text
    page = operator.get(f"/runs/{over.id}").text
    assert "/retries" in page
    assert "/cancellation" not in page
