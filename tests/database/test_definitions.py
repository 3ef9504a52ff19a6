"""Saving a task: what is refused, and what a version keeps."""

from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.definitions import change_task, content_of, create_task
from tasks.errors import Conflict, Invalid
from tasks.models import TaskDefinition, TaskVersion

SETTINGS: dict[str, Any] = {"source": "demo", "sql": "SELECT :day FROM DUMMY"}
DAY = {"name": "day", "type": "date", "default": "today"}


def content(**values: Any) -> Any:
    given = {"slug": "a-report", "title": "A report", "settings": SETTINGS, "parameters": [DAY]}
    return content_of(**(given | values))


def saved(**values: Any) -> TaskDefinition:
    with transaction() as session:
        return create_task(session, content(**values), changed_by="ayse")


def versions() -> list[tuple[int, str, str]]:
    with reading() as session:
        rows = session.scalars(select(TaskVersion).order_by(TaskVersion.version))
        return [(row.version, row.content["title"], row.changed_by) for row in rows]


def test_a_new_task_has_its_first_version(database: str) -> None:
    task = saved()
    assert (task.version, versions()) == (1, [(1, "A report", "ayse")])


def test_a_change_adds_a_version_and_saving_without_a_change_adds_none(database: str) -> None:
    task = saved()
    for title in ("Better", "Better"):
        with transaction() as session:
            current = session.get_one(TaskDefinition, task.id)
            change_task(
                session,
                current,
                content(title=title),
                version=current.version,
                changed_by="mehmet",
            )
    assert versions() == [(1, "A report", "ayse"), (2, "Better", "mehmet")]


def test_a_change_to_an_older_version_is_a_conflict(database: str) -> None:
    task = saved()
    with transaction() as session, pytest.raises(Conflict, match="changed by somebody else"):
        change_task(
            session,
            session.get_one(TaskDefinition, task.id),
            content(title="Late"),
            version=0,
            changed_by="mehmet",
        )
    assert len(versions()) == 1


def test_a_name_is_given_once(database: str) -> None:
    saved()
    with pytest.raises(Conflict, match="There is a task “a-report” already"):
        saved()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"slug": "Ünlü rapor"}, "slug"),
        ({"title": ""}, "title"),
        ({"priority": 10}, "priority"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"retry_on": ["bad luck"]}, "retry_on"),
        ({"job": "rm"}, "job"),
        ({"settings": SETTINGS | {"recipients": ["ayşe@example.com"]}}, "recipients"),
        ({"settings": SETTINGS | {"recipients": ["a@b\nBcc: c@d"]}}, "recipients"),
        ({"settings": SETTINGS | {"recipients": ["ali.@firma.com"]}}, "recipients"),
        ({"settings": SETTINGS | {"recipients": ["a@[x"]}}, "recipients"),
        ({"settings": SETTINGS | {"subject": "{tilte}"}}, "subject"),
        ({"settings": SETTINGS | {"formats": []}}, "formats"),
        ({"settings": SETTINGS | {"sql": "SELECT :dya FROM DUMMY"}}, "sql"),
        ({"parameters": [DAY, DAY]}, "parameters"),
        ({"retry_on": ["sql"]}, "retry_on"),
        ({"retry_on": ["source_lost", "parameter"]}, "retry_on"),
        ({"retry_jitter": 1.1}, "retry_jitter"),
        ({"retry_jitter": -0.1}, "retry_jitter"),
        ({"overlap": "sometimes"}, "overlap"),
        ({"max_running": 0}, "max_running"),
        ({"max_running": 1_001}, "max_running"),
        ({"max_running": 2, "overlap": "queue"}, "max_running"),
        ({"start_deadline_seconds": 0}, "start_deadline_seconds"),
        ({"finish_deadline_seconds": 0}, "finish_deadline_seconds"),
        (
            {"start_deadline_seconds": 60, "finish_deadline_seconds": 60},
            "finish_deadline_seconds",
        ),
        ({"alert_recipients": ["nobody"]}, "alert_recipients"),
        ({"alert_recipients": [f"a{n}@example.com" for n in range(51)]}, "alert_recipients"),
        ({"artifact_retention_days": 0}, "artifact_retention_days"),
        ({"run_retention_days": 3_651}, "run_retention_days"),
        ({"chains": [{"on": "always", "task": "another"}]}, "chains"),
    ],
)
def test_content_that_does_not_fit_is_refused_with_its_field(
    values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        content(**values)
    assert (refused.value.field or "").partition(".")[0] == field


POLICIES: dict[str, Any] = {
    "retry_jitter": 0.5,
    "overlap": "allow",
    "max_running": 3,
    "start_deadline_seconds": 600,
    "finish_deadline_seconds": 3_600,
    "alert_recipients": ["ayse@example.com"],
    "artifact_retention_days": 30,
    "run_retention_days": 365,
}


def test_the_policies_are_kept_in_the_row_and_in_its_version(database: str) -> None:
    saved(**POLICIES)
    with reading() as session:
        task = session.scalars(select(TaskDefinition)).one()
        version = session.scalars(select(TaskVersion)).one()
    assert {name: getattr(task, name) for name in POLICIES} == POLICIES
    assert {name: version.content[name] for name in POLICIES} == POLICIES


def test_an_address_is_told_once(database: str) -> None:
    task = saved(alert_recipients=["a@example.com", "b@example.com", "a@example.com"])
    assert task.alert_recipients == ["a@example.com", "b@example.com"]


def test_what_counts_since_the_last_success_must_not_overlap(database: str) -> None:
    since = [DAY, {"name": "since", "type": "since_last_success"}]
    with pytest.raises(Invalid, match="runs must not overlap") as refused:
        content(parameters=since)
    assert refused.value.field == "overlap"
    assert content(parameters=since, overlap="queue").overlap == "queue"
    assert content(parameters=since, max_running=1).max_running == 1


def test_the_ends_of_a_range_are_names_that_the_sql_knows(database: str) -> None:
    sql = {"source": "demo", "sql": "SELECT :day_from, :day_to FROM DUMMY"}
    content(settings=sql, parameters=[DAY | {"type": "month", "default": "last_month"}])
    with pytest.raises(Invalid, match="The SQL uses :day_from"):
        content(settings=sql)
    with pytest.raises(Invalid, match="“day_to” is defined twice"):
        content(
            settings=sql,
            parameters=[DAY | {"type": "date_range"}, DAY | {"name": "day_to"}],
        )
