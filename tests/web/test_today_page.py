"""The first page: what ran, what runs, what comes, and what needs somebody."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import (
    FOREVER,
    Alert,
    AlertKind,
    AlertMail,
    AlertMailState,
    Role,
    Run,
    RunState,
    Schedule,
)
from tasks.queries.remembered import forget
from tests.support.factories import a_run, a_schedule, a_task
from tests.web.conftest import Browser, LoginAs
from tests.web.runs_support import PARTIAL, an_event

_keys = count()
SOON = datetime(2031, 1, 1, 9, 0, tzinfo=UTC)


def an_alert(mail: AlertMail | None = None, **values: Any) -> Alert:
    """Save an alert of a topic of its own, mailed to nobody unless a mail is given."""
    row = {"sentence": "The report is late.", "kind": AlertKind.LATE_FINISH, "mail": mail}
    row |= {"key": f"{(key := next(_keys))}", "topic": f"late_finish:{key}"}
    with transaction() as session:
        session.add(alert := Alert(**(row | values)))
    return alert


def a_mail(state: AlertMailState, **values: Any) -> AlertMail:
    row = {"topic": "late_finish:0", "recipients": ["ops@example.com"]}
    return AlertMail(state=state, **(row | values))


@pytest.fixture
def viewer(login_as: LoginAs) -> Browser:
    forget()
    return login_as(Role.VIEWER)


def test_an_empty_day_says_what_to_do(viewer: Browser) -> None:
    page = viewer.get("/").text
    assert "Nothing runs at the moment." in page
    assert "No schedule is on." in page


def test_a_task_fails_until_a_run_of_it_succeeds(viewer: Browser) -> None:
    task = a_task("stock", title="Stock below minimum")
    a_run(task, state=RunState.FAILED, error="There is no OITW.")
    assert "There is no OITW." in viewer.get("/").text
    a_run(task, state=RunState.CANCELLED)
    forget()
    assert "There is no OITW." in viewer.get("/").text
    a_run(task, state=RunState.SUCCEEDED)
    forget()
    assert "There is no OITW." not in viewer.get("/").text


def test_a_run_that_waits_long_after_its_instant_is_late(viewer: Browser) -> None:
    now = utcnow()
    late = a_run(due_at=now - timedelta(minutes=5))
    assert f'href="/runs/{late.id}"' in viewer.get("/").text


def test_a_run_that_waits_for_its_next_attempt_is_not_late(viewer: Browser) -> None:
    now = utcnow()
    waiting = a_run(
        due_at=now - timedelta(minutes=5),
        next_attempt_at=now + timedelta(minutes=5),
        reason_code="retry",
        attempt=1,
    )
    assert f'href="/runs/{waiting.id}"' not in viewer.get("/").text


def test_an_instant_that_passed_without_a_run_is_missing(viewer: Browser) -> None:
    past, coming = utcnow() - timedelta(minutes=5), utcnow() + timedelta(minutes=5)
    a_schedule(a_task("stock", title="Stock"), name="Each morning", next_due_at=past)
    a_schedule(a_task("sales", title="Sales"), name="Each evening", next_due_at=coming)
    page = viewer.get("/").text
    missing = page.split("Expected, but not there")[1].split("</section>")[0]
    assert "Each morning" in missing
    assert "Each evening" not in missing


def test_a_paused_schedule_brings_nothing_next(viewer: Browser) -> None:
    soon = utcnow() + timedelta(hours=1)
    a_schedule(a_task(), name="Asleep", next_due_at=soon, paused_until=FOREVER)
    a_schedule(a_task("b"), name="Awake", next_due_at=soon, paused_until=utcnow())
    page = viewer.get("/").text
    assert "Asleep" not in page
    assert "Awake" in page


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (("sent", {}), "mailed to ops@example.com"),
        (("sent", {"error": "b@x did not get it: 550 no."}), "b@x did not get it: 550 no."),
        (("gathering", {"next_try_at": SOON}), "is to be mailed to ops@example.com at <time"),
        (("queued", {"tries": 2}), "could not be mailed yet, after 2 tries"),
        (("sending", {}), "is being mailed to ops@example.com"),
        (("failed", {"error": "550 No such user."}), "550 No such user."),
        (None, "nobody is named to get it by mail"),
    ],
)
def test_an_alert_says_what_became_of_it(
    viewer: Browser, mail: tuple[str, dict[str, Any]] | None, words: str
) -> None:
    an_alert(a_mail(AlertMailState(mail[0]), **mail[1]) if mail else None)
    page = " ".join(viewer.get("/").text.split())
    assert "The report is late." in page
    assert words in page


def test_alerts_stand_newest_first_and_leave_after_a_week(viewer: Browser) -> None:
    an_alert(sentence="The oldest.", created_at=utcnow() - timedelta(days=8))
    an_alert(sentence="The first.")
    an_alert(sentence="The second.", run_id=a_run().id)
    page = viewer.get("/").text
    assert page.index("The second.") < page.index("The first.")
    assert "The oldest." not in page


@pytest.mark.parametrize("what", ["alert", "missing", "late", "progress"])
def test_the_poll_notices_what_happens_without_an_event(viewer: Browser, what: str) -> None:
    run, schedule = a_run(state=RunState.RUNNING), a_schedule(a_task("b"))
    since = viewer.get("/").text.split("since=")[1].split('"')[0]
    assert viewer.get(f"/?since={since}", headers=PARTIAL).status_code == 204
    past = utcnow() - timedelta(minutes=5)
    if what == "alert":
        an_alert()
    elif what == "late":
        a_run(due_at=past)
    else:
        with transaction() as session:
            session.get_one(Run, run.id).progress_done = 7 if what == "progress" else None
            session.get_one(Schedule, schedule.id).next_due_at = past if what == "missing" else None
    forget()
    assert viewer.get(f"/?since={since}", headers=PARTIAL).status_code == 200


def test_what_runs_and_what_comes_are_shown(viewer: Browser) -> None:
    task = a_task("sales", title="Sales by person")
    running = a_run(task, state=RunState.RUNNING)
    a_schedule(task, name="Each morning", next_due_at=utcnow() + timedelta(hours=1))
    a_schedule(task, name="Switched off", enabled=False)
    page = viewer.get("/").text
    assert f'href="/runs/{running.id}"' in page
    assert "Each morning" in page
    assert "Switched off" not in page


def test_parts_that_do_not_work_are_told_first(viewer: Browser) -> None:
    page = viewer.get("/").text  # there is neither worker nor scheduler in this test
    assert page.index("No worker is there") < page.index("Ran today")


def test_the_poll_is_silent_until_something_happens(viewer: Browser) -> None:
    run = a_run()
    an_event(run)
    seen = viewer.get("/").text.split("since=")[1].split('"')[0]
    assert viewer.get(f"/?since={seen}", headers=PARTIAL).status_code == 204
    an_event(run, RunState.RUNNING)
    answer = viewer.get(f"/?since={seen}", headers=PARTIAL)
    assert answer.status_code == 200
    assert "<html" not in answer.text


def test_a_guest_is_asked_to_log_in(client: Browser) -> None:
    assert client.get("/").status_code == 302
