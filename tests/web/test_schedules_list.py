"""The list of schedules, and the switch of each."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import update

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import FOREVER, OnHoliday, Role, Schedule
from tests.support.factories import a_schedule, a_task
from tests.web.calendars_support import a_calendar, an_own_day
from tests.web.conftest import LoginAs
from tests.web.runs_support import PARTIAL, poll_of


def test_without_schedules_the_list_says_what_one_does(login_as: LoginAs) -> None:
    page = login_as(Role.EDITOR).get("/schedules").text
    assert "No schedules" in page
    assert 'href="/schedules/new"' in page


def test_a_schedule_is_told_in_words_with_its_zone_and_next_instant(login_as: LoginAs) -> None:
    due = datetime(2026, 3, 2, 6, tzinfo=UTC)
    a_schedule(a_task(), name="Weekdays", cron="0 9 * * 1-5", timezone="Europe/Istanbul",
               next_due_at=due)  # fmt: skip
    page = login_as(Role.VIEWER).get("/schedules").text
    for words in ("A Report", "Weekdays", "At 09:00, Monday through Friday", "Europe/Istanbul"):
        assert words in page
    assert 'datetime="2026-03-02T06:00:00+00:00"' in page


def test_in_turkish_the_words_are_turkish(login_as: LoginAs) -> None:
    a_schedule(a_task(), cron="0 9 * * 1")
    viewer = login_as(Role.VIEWER)
    viewer.set_cookie("language", "tr")
    assert "Saat 09:00, sadece Pazartesi günü" in viewer.get("/schedules").text


def test_what_is_due_first_stands_first_and_what_is_off_last(login_as: LoginAs) -> None:
    task, now = a_task(), utcnow()
    a_schedule(task, name="Off", enabled=False)
    a_schedule(task, name="Late", next_due_at=now + timedelta(days=2))
    a_schedule(task, name="Soon", next_due_at=now + timedelta(days=1))
    page = login_as(Role.VIEWER).get("/schedules").text
    places = [page.index(f">{name}<") for name in ("Soon", "Late", "Off")]
    assert places == sorted(places)


def test_the_list_goes_on_after_fifty_schedules(login_as: LoginAs) -> None:
    task, now = a_task(), utcnow()
    for number in range(52):
        a_schedule(task, name=f"No {number:02}", next_due_at=now + timedelta(hours=number))
    viewer = login_as(Role.VIEWER)
    first = viewer.get("/schedules").text
    assert ">No 49<" in first
    assert ">No 50<" not in first
    more = first.split('<nav class="pager"')[1].split('href="')[1].split('"')[0]
    second = viewer.get(more.replace("&amp;", "&")).text
    assert ">No 50<" in second
    assert ">No 49<" not in second


def test_the_list_of_one_task_leaves_the_others_out(login_as: LoginAs) -> None:
    a_schedule(a_task(), name="Mine")
    a_schedule(a_task("other"), name="Theirs")
    page = login_as(Role.VIEWER).get("/schedules?task=a-report").text
    assert "Mine" in page
    assert "Theirs" not in page


def test_the_list_says_what_a_schedule_does_at_present(login_as: LoginAs) -> None:
    task, now = a_task(), utcnow()
    soon = now + timedelta(days=1)
    a_schedule(task, name="First", enabled=False)
    a_schedule(task, name="Second", next_due_at=soon, paused_until=FOREVER)
    a_schedule(task, name="Third", next_due_at=soon, paused_until=now + timedelta(days=2))
    a_schedule(task, name="Fourth", next_due_at=None)
    page = login_as(Role.VIEWER).get("/schedules").text
    rows = {name: page.split(f">{name}</a>")[1].split("</tr>")[0] for name in
            ("First", "Second", "Third", "Fourth")}  # fmt: skip
    assert "Off" in rows["First"]
    assert "Paused" in rows["Second"]
    assert "goes on" not in rows["Second"]
    assert "goes on" in rows["Third"]
    assert "Over" in rows["Fourth"]


def test_what_runs_next_is_told_not_what_a_day_off_stops(login_as: LoginAs) -> None:
    calendar = a_calendar()
    an_own_day(calendar, date(2998, 3, 19))  # a Monday
    due = datetime(2998, 3, 19, 9, tzinfo=UTC)
    a_schedule(a_task(), cron="0 9 * * *", calendar_id=calendar.id, on_holiday=OnHoliday.SKIP,
               next_due_at=due, next_scheduled_for=due)  # fmt: skip
    page = login_as(Role.VIEWER).get("/schedules").text
    assert "20 Mar 2998 12:00" in page
    assert "19 Mar 2998" not in page


def test_a_viewer_has_no_buttons(login_as: LoginAs) -> None:
    a_schedule(a_task(), next_due_at=utcnow() + timedelta(days=1))
    assert "/pause" not in login_as(Role.VIEWER).get("/schedules").text


def test_a_schedule_from_code_has_a_pause_and_no_edit(login_as: LoginAs) -> None:
    due = utcnow() + timedelta(days=1)
    schedule = a_schedule(a_task(), origin="code", code_key="mornings", next_due_at=due)
    page = login_as(Role.EDITOR).get("/schedules").text
    assert f"/schedules/{schedule.id}/pause" in page
    assert f"/schedules/{schedule.id}/edit" not in page
    assert "from code" in page


def test_the_poll_is_silent_until_the_list_shows_something_else(login_as: LoginAs) -> None:
    task, due = a_task(), utcnow() + timedelta(days=1)
    schedule = a_schedule(task, name="Mornings", next_due_at=due)
    a_schedule(a_task("other"), name="Theirs")
    viewer = login_as(Role.VIEWER)
    for change in (
        {"paused_until": FOREVER},
        {"paused_until": None, "next_due_at": due + timedelta(days=1)},
        {"name": "Evenings"},
    ):
        address = poll_of(viewer.get("/schedules?task=a-report").text, "schedules")
        assert viewer.get(address, headers=PARTIAL).status_code == 204
        with transaction() as session:
            session.execute(update(Schedule).values(change).where(Schedule.id == schedule.id))
        answer = viewer.get(address, headers=PARTIAL)
        assert answer.status_code == 200
        assert "<html" not in answer.text
        assert "Theirs" not in answer.text
    assert "Evenings" in answer.text


def test_within_a_page_what_runs_first_stands_first(login_as: LoginAs) -> None:
    task, now = a_task(), utcnow()
    until = now + timedelta(days=3)
    a_schedule(task, name="Paused", next_due_at=now + timedelta(days=1), paused_until=until)
    a_schedule(task, name="Awake", next_due_at=now + timedelta(days=2))
    page = login_as(Role.VIEWER).get("/schedules").text
    assert page.index(">Awake<") < page.index(">Paused<")
