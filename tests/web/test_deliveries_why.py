"""Why somebody got a report, or did not."""

from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask

from tasks.db import reading, transaction
from tasks.models import DeliveryState, Role, RunState, TaskVersion, Unsubscription
from tasks.queries import why
from tests.support.factories import REPORT, a_run, a_task
from tests.web.conftest import LoginAs
from tests.web.runs_support import a_delivery

ASKED = "/deliveries/why?address=ayse@example.com"


def a_version(task_id: int, version: int, *recipients: str) -> None:
    content = {"settings": REPORT | {"recipients": list(recipients)}}
    row = {"task_definition_id": task_id, "version": version, "content": content}
    with transaction() as session:
        session.add(TaskVersion(**row, changed_by="can"))


def test_every_answer_in_words(login_as: LoginAs) -> None:
    task = a_task("sales", version=4)
    a_version(task.id, 1, "can@example.com")
    a_version(task.id, 2, "Ayse@example.com")
    a_version(task.id, 3, "can@example.com")
    a_version(task.id, 4, "can@example.com")
    ok = RunState.SUCCEEDED
    got = a_run(task, state=ok, task_version=2)
    a_delivery(got, state=DeliveryState.DELIVERED, delivered_at=got.queued_at)
    refused = a_run(task, state=ok, task_version=2)
    a_delivery(refused, state=DeliveryState.FAILED, error="550: no such person")
    stopped = a_run(task, state=ok, task_version=2)
    a_delivery(stopped, state=DeliveryState.SUPPRESSED, reason="It asked not to.")
    a_run(task, state=RunState.FAILED, task_version=2, error="The source was away.")
    a_run(task, state=ok, task_version=2, reason="Nothing to send: no rows.")
    a_run(task, state=ok, task_version=4)
    a_run(task, state=ok, task_version=1)
    a_run(task, state=RunState.QUEUED, task_version=4)
    page = login_as(Role.VIEWER).get(f"{ASKED}&task=sales").text
    for words in (
        "It was delivered:",
        "550: no such person",
        "It was not to be sent.",
        "It asked not to.",
        "The run made nothing to send. The source was away.",
        "Nothing to send: no rows.",
        "does not name this address any more, since its version 3.",
        "The task did not name this address.",
        "The run has not ended yet.",
    ):
        assert words in page
    assert "SELECT" not in page


def test_without_a_task_it_looks_where_the_address_stands_or_stood(login_as: LoginAs) -> None:
    named = a_task("named", settings={"mail": {"cc": ["ayse@example.com"]}})
    a_run(named, state=RunState.FAILED, error="Broken one.")
    got = a_task("got")
    a_delivery(a_run(got, state=RunState.SUCCEEDED), state=DeliveryState.UNCERTAIN)
    a_run(a_task("other"), state=RunState.FAILED, error="Broken two.")
    page = login_as(Role.VIEWER).get(ASKED).text
    assert "Broken one." in page
    assert "Nobody knows whether it arrived." in page
    assert "Broken two." not in page


def test_an_unsubscribed_address_is_told_with_its_day(login_as: LoginAs) -> None:
    task = a_task("sales")
    row = {"task_definition_id": task.id, "address": "ayse@example.com"}
    with transaction() as session:
        session.add(Unsubscription(**row))
    assert "unsubscribed from “Sales”" in login_as(Role.VIEWER).get(ASKED).text


def test_a_trial_for_somebody_else_is_not_told(login_as: LoginAs) -> None:
    task = a_task("sales", settings={"recipients": ["ayse@example.com"]})
    a_run(task, state=RunState.FAILED, only_to="can@example.com", error="A trial of another.")
    assert "A trial of another" not in login_as(Role.VIEWER).get(ASKED).text


def test_what_is_no_address_is_said(login_as: LoginAs) -> None:
    viewer = login_as(Role.VIEWER)
    for address in ("x", "a@b.c%0d%0aBcc:", "a" * 400):
        answer = viewer.get(f"/deliveries/why?address={address}")
        assert answer.status_code == 200
        assert "This is not a mail address." in answer.text
    assert "This is not a mail address." not in viewer.get("/deliveries/why").text


def test_what_failed_as_a_copy_had_arrived_before(login_as: LoginAs) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_delivery(run, state=DeliveryState.FAILED, delivered_at=run.queued_at, error="550: full")
    page = login_as(Role.VIEWER).get(ASKED).text
    assert "550: full" in page
    assert "It was delivered before:" in page


def test_of_many_tasks_and_versions_only_those_that_hold_the_address_are_read(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = a_task("named", version=100, settings=REPORT | {"recipients": ["AYSE@example.com"]})
    for version in range(1, 101):
        a_version(task.id, version, "ayse@example.com" if version < 70 else "can@example.com")
    for number in range(30):
        a_task(f"other-{number}", settings=REPORT | {"recipients": ["can@example.com"]})
    a_run(task, state=RunState.SUCCEEDED, task_version=100)
    a_run(task, state=RunState.SUCCEEDED, task_version=50, reason="Nothing to send: no rows.")
    read: list[Mapping[str, Any]] = []
    names = why._names

    def counted(settings: Mapping[str, Any], address: str) -> bool:
        read.append(settings)
        return names(settings, address)

    monkeypatch.setattr(why, "_names", counted)
    with reading() as session:
        not_sent, not_named = why.why(session, "ayse@example.com").runs
    assert (not_sent.because, not_sent.since_version) == (why.Because.NOT_SENT, None)
    assert (not_named.because, not_named.since_version) == (why.Because.NOT_NAMED, 70)
    assert len(read) == 3


def test_an_address_that_only_the_query_speaks_of_is_not_named(app: Flask) -> None:
    sql = "SELECT 1 -- ayse@example.com"
    task = a_task("spoken-of", version=2, settings=REPORT | {"sql": sql})
    for version in (1, 2):
        content = {"settings": REPORT | {"sql": sql}}
        row = {"task_definition_id": task.id, "version": version, "content": content}
        with transaction() as session:
            session.add(TaskVersion(**row, changed_by="can"))
    a_run(task, state=RunState.SUCCEEDED, task_version=2)
    with reading() as session:
        assert why.why(session, "ayse@example.com").runs == []
        [run] = why.why(session, "ayse@example.com", task="spoken-of").runs
    assert run.because is why.Because.NOT_NAMED
