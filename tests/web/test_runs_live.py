"""The poll of the list: silence while nothing changes, then only what did."""

from datetime import timedelta

import time_machine

from tasks.clock import utcnow
from tasks.models import Run, RunState
from tasks.queries.changes import LATE
from tests.support.factories import a_run, a_task
from tests.web.conftest import Browser
from tests.web.runs_support import PARTIAL, an_event


def poll(browser: Browser, since: int, shown: list[Run], query: str = "") -> tuple[int, str]:
    ids = ".".join(str(run.id) for run in shown)
    address = f"/runs?since={since}&drawn={since}&shown={ids}&{query}"
    answer = browser.get(address, headers=PARTIAL)
    return answer.status_code, answer.text


def test_nothing_is_sent_while_nothing_changed(viewer: Browser) -> None:
    run = a_run()
    seen = an_event(run)
    with time_machine.travel(utcnow() + 2 * LATE):
        assert poll(viewer, seen, [run]) == (204, "")


def test_the_page_polls_from_the_version_that_it_shows(viewer: Browser) -> None:
    run = a_run()
    seen = an_event(run)
    page = viewer.get("/runs").text
    assert f"since={seen}" in page
    assert f"shown={run.id}" in page


def test_only_a_changed_row_is_sent(viewer: Browser) -> None:
    changed, still = a_run(), a_run()
    with time_machine.travel(utcnow() - timedelta(minutes=1)):
        seen = an_event(still)
    an_event(changed, RunState.RUNNING)
    status, text = poll(viewer, seen, [changed, still])
    assert status == 200
    assert f'hx-target="#run-{changed.id}"' in text
    assert f'hx-target="#run-{still.id}"' not in text
    assert "Running" in text
    assert "new run" not in text


def test_a_row_that_left_the_filter_is_shown_as_it_is_now(viewer: Browser) -> None:
    run = a_run()
    seen = an_event(run)
    an_event(run, RunState.RUNNING)
    _, text = poll(viewer, seen, [run], "state=queued")
    assert "run-row--running" in text


def test_a_new_run_is_announced_and_moves_no_row(viewer: Browser) -> None:
    old = a_run()
    seen = an_event(old)
    new = a_run()
    an_event(new)
    _, text = poll(viewer, seen, [old])
    assert "1 new run" in text
    assert f'id="run-{new.id}"' not in text


def test_a_new_run_that_does_not_fit_is_not_announced(viewer: Browser) -> None:
    old = a_run()
    seen = an_event(old)
    an_event(a_run(a_task("other")))
    _, text = poll(viewer, seen, [old], "task=a-report")
    assert "new run" not in text


def test_an_older_page_tells_of_no_new_runs(viewer: Browser) -> None:
    old = a_run()
    seen = an_event(old)
    an_event(a_run())
    _, text = poll(viewer, seen, [old], f"before={old.id + 1}")
    assert "new run" not in text


def test_an_event_that_became_visible_late_is_still_told(viewer: Browser) -> None:
    run = a_run()
    an_event(run, RunState.RUNNING)
    seen = an_event(a_run())  # its id is larger, but its transaction was over before
    status, text = poll(viewer, seen, [run])
    assert status == 200
    assert f'hx-target="#run-{run.id}"' in text


def test_nonsense_in_the_address_breaks_nothing(viewer: Browser) -> None:
    an_event(a_run())
    answer = viewer.get("/runs?since=x&drawn=&shown=1.x..", headers=PARTIAL)
    assert answer.status_code == 200
