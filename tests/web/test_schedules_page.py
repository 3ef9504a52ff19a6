"""The page of a schedule: how it stands, what comes, and its ledger."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from tasks.db import transaction
from tasks.models import FOREVER, OnHoliday, Role, Run, RunState, Schedule
from tests.support.factories import a_run, a_schedule, a_task
from tests.web.calendars_support import a_calendar, an_own_day
from tests.web.conftest import Browser, LoginAs
from tests.web.runs_support import PARTIAL, poll_of

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=90)
NEXT = NOW + timedelta(minutes=30)


def an_hourly(**values: Any) -> Schedule:
    """A schedule that has counted for long, at every full hour."""
    due = {"next_due_at": NEXT, "next_scheduled_for": NEXT, "starts_at": LONG_AGO}
    schedule = a_schedule(a_task(), **({"name": "Hourly", "cron": "0 * * * *"} | due | values))
    with transaction() as session:
        session.execute(update(Schedule).values(created_at=LONG_AGO))
    return schedule


def happened(schedule: Schedule, hour: int, state: RunState, **values: Any) -> None:
    """Write the run of a full hour of that morning, in UTC."""
    with transaction() as session:
        task = session.get_one(Schedule, schedule.id).task_definition_id
    at = NOW.replace(hour=hour, minute=0)
    times = {"scheduled_for": at, "due_at": at, "queued_at": at}
    a_run(schedule_id=schedule.id, task_definition_id=task, state=state, **(times | values))


def page_of(browser: Browser, schedule: Schedule, **span: str) -> str:
    with time_machine.travel(NOW, tick=False):
        answer = browser.get(f"/schedules/{schedule.id}", query_string=span)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def lines_of(page: str) -> list[str]:
    return [line.split("</tr>")[0] for line in page.split('<tr class="ledger-line')[1:]]


def test_the_ledger_shows_what_was_expected_and_what_happened(viewer: Browser) -> None:
    schedule = an_hourly()
    happened(schedule, 9, RunState.SUCCEEDED)
    happened(schedule, 7, RunState.SKIPPED, reason_code="overlap", reason="It waited.")
    span = {"from": "2026-03-16T10:00", "to": "2026-03-16T12:30"}  # 7:00 to 9:30 in UTC
    page = page_of(viewer, schedule, **span)
    nine, eight, seven = lines_of(page)
    assert "16 Mar 2026 12:00" in nine
    assert "Succeeded" in nine
    assert "Missing" in eight
    assert "there is no trace of it" in eight
    assert "Skipped" in seven
    assert "It waited." in seven
    assert "1 expected instant left no trace." in page


def test_a_span_that_ends_before_it_starts_is_told(viewer: Browser) -> None:
    span = {"from": "2026-03-16T12:00", "to": "2026-03-16T11:00"}
    assert "The end lies before the start." in page_of(viewer, an_hourly(), **span)


def test_instants_within_one_minute_are_told_apart_by_their_seconds(viewer: Browser) -> None:
    schedule = an_hourly()
    for second in (0, 20, 40):
        at = NOW.replace(minute=29, second=second)
        happened(schedule, 9, RunState.SUCCEEDED, scheduled_for=at, due_at=at)
    lines = lines_of(page_of(viewer, schedule))[:3]
    written = [line.split("</time>")[0].rsplit(">", 1)[1] for line in lines]
    assert [one.removeprefix("16 Mar 2026 ") for one in written] == [
        "12:29:40",
        "12:29:20",
        "12:29",
    ]


def test_a_line_without_a_reason_has_no_label_for_one(viewer: Browser) -> None:
    schedule = an_hourly()
    happened(schedule, 9, RunState.SUCCEEDED)
    span = {"from": "2026-03-16T11:30", "to": "2026-03-16T12:30"}
    [nine] = lines_of(page_of(viewer, schedule, **span))
    assert 'data-label="Why"' not in nine


def test_a_row_that_stands_for_many_says_how_many(viewer: Browser) -> None:
    schedule = an_hourly()
    until = NOW.replace(hour=5, minute=0)
    happened(schedule, 2, RunState.SKIPPED, reason="Missed.", reason_code="missed",
             instants=4, covers_until=until)  # fmt: skip
    span = {"from": "2026-03-16T05:00", "to": "2026-03-16T09:00"}
    [line] = lines_of(page_of(viewer, schedule, **span))
    assert "It stands for 4 instants" in line
    assert "16 Mar 2026 08:00" in line


def test_a_span_with_a_future_shows_what_is_to_come(viewer: Browser) -> None:
    schedule = an_hourly()
    span = {"from": "2026-03-16T12:30", "to": "2026-03-16T15:00"}
    lines = lines_of(page_of(viewer, schedule, **span))
    assert len(lines) == 2
    assert all("Coming" in line for line in lines)


def test_a_moved_instant_says_when_it_is_due_and_why(viewer: Browser) -> None:
    calendar = a_calendar()
    an_own_day(calendar, date(2026, 3, 18))
    schedule = an_hourly(cron="0 9 * * 3", calendar_id=calendar.id, on_holiday=OnHoliday.NEXT)
    page = page_of(viewer, schedule, **{"from": "2026-03-18T00:00", "to": "2026-03-19T00:00"})
    [line] = lines_of(page)
    assert "19 Mar 2026 12:00" in line
    assert "(Founders’ day) is no working day; it runs on the next working day" in line
    assert 'href="/calendars/ours"' in page


def test_without_a_span_it_is_that_of_the_last_few_dozen_instants(viewer: Browser) -> None:
    schedule = an_hourly()
    assert len(lines_of(page_of(viewer, schedule))) == 40


def test_a_long_span_says_that_it_is_the_beginning_and_goes_on(viewer: Browser) -> None:
    schedule = an_hourly(cron="* * * * *")
    page = page_of(viewer, schedule, **{"from": "2026-03-15T00:00"})
    assert len(lines_of(page)) == 1_000
    assert "This is only the beginning of the span." in page
    assert "from=2026-03-15T16:40" in page.replace("%3A", ":")


def test_a_span_that_is_none_says_what_is_wrong(viewer: Browser) -> None:
    page = page_of(viewer, an_hourly(), **{"from": "yesterday"})
    assert "“yesterday” is not a day with a time" in page
    assert 'value="yesterday"' in page


def test_a_pause_is_seen_in_what_comes(viewer: Browser) -> None:
    schedule = an_hourly(paused_until=NOW + timedelta(hours=2))
    page = page_of(viewer, schedule)
    assert page.count("The schedule is paused; nothing runs.") == 2
    assert page.count("preview__left-out") == 2
    coming = page.split('class="preview__instants"')[1].split("</ol>")[0]
    assert coming.count("<time") == 7


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"enabled": False}, "It is off: it is kept, but starts nothing."),
        ({"paused_until": FOREVER}, "It is paused until somebody resumes it"),
        ({"next_due_at": None}, "It is over"),
    ],
)
def test_the_page_says_why_nothing_is_started(
    viewer: Browser, values: dict[str, Any], sentence: str
) -> None:
    assert sentence in page_of(viewer, an_hourly(**values))


def test_a_schedule_that_cannot_be_read_says_so_and_has_a_page(viewer: Browser) -> None:
    page = page_of(viewer, an_hourly(cron="0 0 31 2 *", enabled=False))
    assert "the day of the month, the third field" in page


def test_a_viewer_sees_no_buttons_and_an_editor_does(viewer: Browser, login_as: LoginAs) -> None:
    schedule = an_hourly()
    assert f"/schedules/{schedule.id}/edit" not in page_of(viewer, schedule)
    editor = login_as(Role.EDITOR)
    page = page_of(editor, schedule)
    for address in ("edit", "pause", "activation"):
        assert f"/schedules/{schedule.id}/{address}" in page


@pytest.mark.parametrize("change", ["run", "state", "pause", "next"])
def test_the_poll_is_silent_until_the_page_shows_something_else(
    viewer: Browser, change: str
) -> None:
    schedule = an_hourly()
    happened(schedule, 8, RunState.RUNNING)
    address = poll_of(page_of(viewer, schedule), "ledger-lines")
    with time_machine.travel(NOW, tick=False):
        assert viewer.get(address, headers=PARTIAL).status_code == 204
        _change(schedule, change)
        answer = viewer.get(address, headers=PARTIAL)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert ('hx-target="#schedule-actions"' in answer.text) is (change == "pause")


def _change(schedule: Schedule, what: str) -> None:
    if what == "run":
        return happened(schedule, 9, RunState.SUCCEEDED)
    with transaction() as session:
        row = session.get_one(Schedule, schedule.id)
        if what == "pause":
            row.paused_until = FOREVER
        elif what == "next":
            row.next_due_at = row.next_scheduled_for = NEXT + timedelta(hours=1)
        else:
            session.execute(update(Run).values(state=RunState.SUCCEEDED))
    return None


def test_the_poll_asks_for_the_span_that_is_shown(viewer: Browser) -> None:
    schedule = an_hourly()
    span = {"from": "2026-03-16T10:00", "to": "2026-03-16T12:30"}
    address = poll_of(page_of(viewer, schedule, **span), "ledger-lines")
    with time_machine.travel(NOW, tick=False):
        answer = viewer.get(address.replace("since=", "since=old"), headers=PARTIAL)
    assert len(lines_of(answer.text)) == 3


def test_the_page_polls_sooner_while_a_run_is_open(viewer: Browser) -> None:
    schedule = an_hourly()
    assert "data-live" not in page_of(viewer, schedule)
    happened(schedule, 8, RunState.RUNNING)
    assert 'data-live="running"' in page_of(viewer, schedule)


def test_an_unknown_schedule_has_no_page(viewer: Browser) -> None:
    assert viewer.get("/schedules/77").status_code == 404


def test_a_secret_that_a_schedule_gives_is_not_shown(viewer: Browser) -> None:
    task = a_task(parameters=[{"name": "api_key", "label": "Key"}, {"name": "city"}])
    given = a_schedule(task, parameters={"api_key": "geheim", "city": "Bursa"})
    page = page_of(viewer, given)
    assert "geheim" not in page
    assert "***" in page
    assert "Bursa" in page
