"""Alerts on the first page: together what is about the same, and taken off by who has seen them."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import Alert, AlertKind, Role, RunState, TaskDefinition
from tasks.queries.remembered import forget
from tests.support.factories import a_run, a_task
from tests.web.conftest import Browser, LoginAs

_keys = count()


@pytest.fixture
def operator(login_as: LoginAs) -> Browser:
    forget()
    return login_as(Role.OPERATOR)


def late_runs(task: TaskDefinition, number: int) -> list[Alert]:
    """Save so many alerts about runs of the task that did not start in time."""
    runs = [a_run(task, state=RunState.SKIPPED) for _ in range(number)]
    late = AlertKind.LATE_START
    alerts = [
        Alert(
            key=f"{next(_keys)}",
            kind=late,
            topic=f"{late}:{task.id}",
            run_id=run.id,
            sentence=f"Run {run.id} is late.",
        )
        for run in runs
    ]
    with transaction() as session:
        session.add_all(alerts)
    return alerts


def acknowledgement(alert: Alert) -> str:
    return f"/alerts/{alert.id}/acknowledgement"


def seen_by() -> list[str | None]:
    forget()
    with reading() as session:
        return list(session.scalars(select(Alert.seen_by).order_by(Alert.id)))


def test_many_about_the_same_are_one_line_with_the_newest_and_the_list_of_runs(
    operator: Browser,
) -> None:
    alerts = late_runs(a_task("stock"), 30)
    page = " ".join(operator.get("/").text.split())
    assert page.count('action="/alerts/') == 1
    assert alerts[-1].sentence in page
    assert alerts[-2].sentence not in page
    assert "and 29 runs of this task before it" in page
    assert 'href="/runs?state=skipped&amp;task=stock"' in page


def test_a_flood_about_one_task_hides_no_other(operator: Browser) -> None:
    [other] = late_runs(a_task("sales"), 1)
    late_runs(a_task("stock"), 30)
    assert other.sentence in operator.get("/").text


def test_what_was_seen_leaves_the_page_and_its_row_says_who_saw_it(operator: Browser) -> None:
    alerts = late_runs(a_task("stock"), 2)
    answer = operator.submit(acknowledgement(alerts[1]), page="/")
    assert (answer.status_code, answer.location) == (303, "/")
    assert seen_by() == ["operator", "operator"]
    page = operator.get("/").text
    assert "2 alerts are marked as seen." in page
    assert alerts[1].sentence not in page
    with reading() as session:
        seen_at = session.get_one(Alert, alerts[1].id).seen_at
    assert utcnow() - (seen_at or utcnow()) < timedelta(minutes=1)


def test_what_came_after_the_one_that_was_seen_or_is_about_another_task_stays(
    operator: Browser,
) -> None:
    stock, [other] = late_runs(a_task("stock"), 3), late_runs(a_task("sales"), 1)
    operator.submit(acknowledgement(stock[1]), page="/")
    assert seen_by() == ["operator", "operator", None, None]
    page = operator.get("/").text
    assert stock[2].sentence in page
    assert other.sentence in page


def test_who_saw_it_first_stays_written_down_and_the_second_is_told_so(
    operator: Browser, login_as: LoginAs, caplog: pytest.LogCaptureFixture
) -> None:
    [alert] = late_runs(a_task("stock"), 1)
    operator.submit(acknowledgement(alert), page="/")
    editor = login_as(Role.EDITOR)
    caplog.set_level("INFO")
    caplog.clear()
    again = editor.submit(acknowledgement(alert), page="/tasks/new?job=report")
    assert again.status_code == 303
    assert seen_by() == ["operator"]
    page = editor.get("/").text
    assert "The alert was marked as seen already." in page
    assert "0 alerts" not in page
    assert "alerts seen" not in caplog.messages


def test_a_viewer_can_take_nothing_off(login_as: LoginAs, operator: Browser) -> None:
    [alert] = late_runs(a_task("stock"), 1)
    viewer = login_as(Role.VIEWER)
    page = viewer.get("/").text
    assert alert.sentence in page
    assert "acknowledgement" not in page
    assert viewer.submit(acknowledgement(alert), page="/").status_code == 403
    assert seen_by() == [None]


def test_an_alert_that_is_not_there_is_not_found(operator: Browser) -> None:
    late_runs(a_task("stock"), 1)
    assert operator.submit("/alerts/999/acknowledgement", page="/").status_code == 404
