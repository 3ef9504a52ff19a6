"""The page of a schedule that the scheduler had to switch off says why, and what to do."""

from datetime import timedelta

import pytest

from tasks.clock import utcnow
from tasks.models import Role, Schedule
from tasks.scheduling.tick import fire_due
from tests.support.factories import a_schedule, a_task
from tests.web.conftest import LoginAs


@pytest.fixture
def unreadable() -> Schedule:
    """A schedule that became due although nobody can say when it is."""
    due = utcnow() - timedelta(minutes=1)
    schedule = a_schedule(a_task(), cron="not cron", next_due_at=due)
    fire_due(now=utcnow())
    return schedule


def test_the_page_says_why_it_is_off_and_what_to_do(
    login_as: LoginAs, unreadable: Schedule
) -> None:
    page = login_as(Role.VIEWER).get(f"/schedules/{unreadable.id}")
    assert page.status_code == 200
    assert "It was switched off, since nobody can say when it is due:" in page.text
    assert "Correct that, then switch it on again." in page.text
    assert "starts nothing" not in page.text


def test_the_first_page_tells_of_it(login_as: LoginAs, unreadable: Schedule) -> None:
    page = login_as(Role.VIEWER).get("/")
    assert f"The schedule “{unreadable.name}” of “A Report” was switched off" in page.text


def test_it_cannot_be_switched_on_before_it_is_corrected(
    login_as: LoginAs, unreadable: Schedule
) -> None:
    path = f"/schedules/{unreadable.id}"
    answer = login_as(Role.EDITOR).submit(f"{path}/activation", page=path)
    assert answer.status_code == 422
    assert "not cron" in answer.text
