"""How a task runs: what its form takes about overlap, time, retry, alerts and retention."""

from typing import Any

import pytest

from tasks.models import Overlap, Role
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import EDIT, FILLED, the_task

POLICIES: dict[str, Any] = {
    "queue": "bulk",
    "overlap": "allow",
    "max_running": "3",
    "retry_jitter": "25",
    "start_deadline_seconds": "30",
    "start_deadline_seconds-unit": "minutes",
    "finish_deadline_seconds": "2",
    "finish_deadline_seconds-unit": "hours",
    "alert_recipients": "ops@example.com\r\n\r\nboss@example.com",
    "artifact_retention_days": "30",
    "artifact_keep_last": "12",
    "run_retention_days": "365",
}


def test_every_policy_is_kept_and_shown_again(login_as: LoginAs) -> None:
    a_source()
    author = login_as(Role.AUTHOR)
    assert author.submit("/tasks", page="/tasks/new", **FILLED | POLICIES).status_code == 303
    task = the_task("subat-cikislari")
    assert (task.queue, task.overlap, task.max_running) == ("bulk", Overlap.ALLOW, 3)
    assert (task.start_deadline_seconds, task.finish_deadline_seconds) == (1_800, 7_200)
    assert task.alert_recipients == ["ops@example.com", "boss@example.com"]
    assert (task.artifact_retention_days, task.run_retention_days) == (30, 365)
    assert task.artifact_keep_last == 12
    assert task.retry_jitter == 0.25
    form = author.get("/tasks/subat-cikislari/edit").text
    for kept in ('value="bulk"', 'value="25"', 'value="365"', "ops@example.com\nboss@example.com"):
        assert kept in form
    page = " ".join(author.get("/tasks/subat-cikislari").text.split())
    for words in ("bulk", "at most 3 at once", "30 minutes", "2 hours", "ops@example.com"):
        assert words in page
    assert "365 days" in page
    assert "the last 12 runs" in page


def test_what_is_left_empty_is_not_limited(login_as: LoginAs) -> None:
    a_source()
    empty = dict.fromkeys(POLICIES, "")
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **FILLED | empty)
    assert answer.status_code == 303
    task = the_task("subat-cikislari")
    assert (task.queue, task.overlap, task.max_running) == ("default", Overlap.ALLOW, None)
    assert (task.start_deadline_seconds, task.finish_deadline_seconds) == (None, None)
    assert (task.alert_recipients, task.retry_jitter) == ([], 0)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("queue", "A Queue", "is not the name of a queue"),
        ("max_running", "0", "the least is 1"),
        ("max_running", "many", "is not a whole number"),
        ("retry_jitter", "101", "is not a percentage from 0 to 100"),
        ("retry_jitter", "x", "is not a percentage from 0 to 100"),
        ("start_deadline_seconds", "x", "is not a whole number"),
        ("finish_deadline_seconds", "0,25", "later than the time it has to start by"),
        ("alert_recipients", "nobody", "“nobody” is not a mail address"),
        ("artifact_retention_days", "-1", "the least is 1"),
        ("run_retention_days", "9999", "the most is 3650"),
        ("overlap", "sometimes", "is not one of the choices"),
    ],
)
def test_a_policy_that_cannot_be_taken_is_said_beside_it(
    login_as: LoginAs, field: str, typed: str, sentence: str
) -> None:
    a_source()
    sent = FILLED | POLICIES | {field: typed}
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **sent)
    assert answer.status_code == 422
    assert sentence in answer.text.split(f'id="error-{field}"')[1].split("</p>")[0]
    if field != "alert_recipients":
        assert "ops@example.com\n\nboss@example.com" in answer.text


def test_a_limit_beside_runs_that_must_not_overlap_is_refused(login_as: LoginAs) -> None:
    a_source()
    sent = FILLED | POLICIES | {"overlap": "skip"}
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **sent)
    assert answer.status_code == 422
    assert "Take the limit away" in answer.text.split('id="error-max_running"')[1]


def test_what_is_rarely_used_is_folded_away_until_it_is_used(login_as: LoginAs) -> None:
    a_task()
    author = login_as(Role.AUTHOR)
    assert "<details" in author.get(EDIT).text
    assert "open>" not in " ".join(author.get(EDIT).text.split()).replace('"open"', "")
    a_task("other", overlap=Overlap.SKIP)
    page = " ".join(author.get("/tasks/other/edit").text.split())
    assert page.count('<details class="card rarely" open>') == 1


def test_an_editor_changes_policies_without_seeing_the_sql_as_a_control(login_as: LoginAs) -> None:
    a_source()
    a_task()
    sent = {name: value for name, value in FILLED.items() if name != "sql"}
    answer = login_as(Role.EDITOR).submit(EDIT, **sent | POLICIES | {"version": "1"})
    assert answer.status_code == 303
    assert the_task("a-report").queue == "bulk"


def waits(login_as: LoginAs, **typed: str) -> str:
    numbers = {
        "max_attempts": "4",
        "retry_backoff": "2",
        "retry_delay_seconds": "1",
        "retry_delay_seconds-unit": "minutes",
        "retry_max_delay_seconds": "1",
        "retry_max_delay_seconds-unit": "hours",
    }
    answer = login_as(Role.EDITOR).get("/tasks/new/waits", query_string=numbers | typed)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_waits_follow_what_is_typed(login_as: LoginAs) -> None:
    words = "It is tried again after 1 minute, then after 2 minutes, then after 4 minutes."
    assert waits(login_as) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"retry_max_delay_seconds": "2", "retry_max_delay_seconds-unit": "minutes"}, "2 minutes."),
        ({"max_attempts": "1"}, "It is not tried again."),
        ({"max_attempts": "20"}, "32 minutes, …"),
        ({"retry_backoff": "1,5"}, "after 90 seconds"),
        ({"retry_backoff": "0"}, "once the numbers can be taken"),
        ({"max_attempts": "x"}, "once the numbers can be taken"),
        ({"retry_delay_seconds": "inf"}, "once the numbers can be taken"),
    ],
)
def test_the_waits_of_odd_numbers(login_as: LoginAs, typed: dict[str, str], words: str) -> None:
    assert words in waits(login_as, **typed)


def test_without_a_script_a_button_shows_the_waits_and_loses_nothing(login_as: LoginAs) -> None:
    sent = FILLED | {"show_waits": "1", "max_attempts": "2"}
    answer = login_as(Role.AUTHOR).submit("/tasks", page="/tasks/new", **sent)
    assert answer.status_code == 200
    assert "It is tried again after 2 minutes." in " ".join(answer.text.split())
    assert "What left in February" in answer.text


def test_a_time_limit_of_days_is_shown_as_days(login_as: LoginAs) -> None:
    a_task(timeout_seconds=86_400)
    page = " ".join(login_as(Role.AUTHOR).get(EDIT).text.split())
    control = page.split('name="timeout_seconds-unit"')[1].split("</select>")[0]
    assert '<option value="days" selected' in control
