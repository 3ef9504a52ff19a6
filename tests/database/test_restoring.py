"""Restoring a version: what becomes of the rows, and of two who do it at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from tasks.chains import ChainContent, chains_of
from tasks.db import reading, transaction
from tasks.definitions import change_task, content_of, create_task
from tasks.errors import Conflict, Forbidden, Invalid
from tasks.models import TaskDefinition, TaskVersion
from tasks.queries.versions import version_before, version_of, versions_page
from tasks.versions import restore_version
from tests.support.factories import a_source

SQL = "SELECT 1 AS A FROM DUMMY"


def a_task_of_versions(*versions: dict[str, Any]) -> None:
    """Save a task, and change it to each of the versions after the first."""
    a_source()
    with transaction() as session:
        task = create_task(session, a_content(**versions[0]), changed_by="ayse")
        for number, one in enumerate(versions[1:], start=1):
            change_task(session, task, a_content(**one), version=number, changed_by="ayse")


def a_content(**values: Any) -> Any:
    settings = {"source": "demo", "sql": SQL} | values.pop("settings", {})
    return content_of(**({"slug": "a-report", "title": "A report", "settings": settings} | values))


def restore(number: int, *, onto: int, is_author: bool = True) -> int:
    """Restore a version; returns the number of the new one."""
    with transaction() as session:
        task = session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()
        kept = version_of(session, task, number)
        restore_version(session, task, kept, onto=onto, is_author=is_author, changed_by="mehmet")
        return task.version


def the_task() -> TaskDefinition:
    with reading() as session:
        return session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()


def kept() -> list[tuple[int, str]]:
    with reading() as session:
        mine = select(TaskVersion).join(TaskDefinition).where(TaskDefinition.slug == "a-report")
        rows = session.scalars(mine.order_by(TaskVersion.version))
        return [(row.version, row.content["title"]) for row in rows]


def test_everything_a_person_decided_comes_back(database: str) -> None:
    with transaction() as session:
        create_task(session, a_content(slug="next", title="Next"), changed_by="ayse")
    a_task_of_versions(
        {
            "chains": [ChainContent(task="next")],
            "parameters": [{"name": "day", "type": "date", "default": "today"}],
            "retry_backoff": 1.5,
            "retry_jitter": 0.25,
            "overlap": "skip",
            "alert_recipients": ["ayse@example.com"],
            "settings": {"formats": ["csv"], "recipients": ["board@example.com"]},
        },
        {"title": "Plain"},
    )
    assert restore(1, onto=2) == 3
    with reading() as session:
        task = session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()
        first, third = (version_of(session, task, number) for number in (1, 3))
        assert third.content == first.content
        assert [one.task for one in chains_of(session, task)] == ["next"]
    assert (third.changed_by, task.retry_backoff) == ("mehmet", 1.5)


def test_of_two_who_restore_at_once_one_is_told_to_look_again(database: str) -> None:
    a_task_of_versions({"title": "One"}, {"title": "Two"}, {"title": "Three"})

    def attempt(number: int) -> str:
        try:
            return str(restore(number, onto=3))
        except Conflict as error:
            return error.message

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(attempt, (1, 2)))
    assert told[0] == "4"
    assert "was changed by somebody else in the meantime" in told[1]
    assert len(kept()) == 4


def test_nothing_is_written_where_a_version_cannot_be_restored(database: str) -> None:
    a_task_of_versions({"settings": {"sql": "SELECT 2 AS A FROM DUMMY"}}, {"title": "Two"})
    with pytest.raises(Forbidden, match="Only an author"):
        restore(1, onto=2, is_author=False)
    with transaction() as session:
        task = session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()
        old = version_of(session, task, 1)
        old.content = old.content | {"settings": old.content["settings"] | {"source": "gone"}}
    with pytest.raises(Invalid, match="Version 1 reads the source “gone”"):
        restore(1, onto=2)
    assert (the_task().title, len(kept())) == ("Two", 2)


def test_sql_that_the_guard_refuses_today_is_not_restored(database: str) -> None:
    a_task_of_versions({}, {"title": "Two"})
    with transaction() as session:
        task = session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()
        old = version_of(session, task, 1)
        settings = old.content["settings"] | {"sql": "DELETE FROM OCRD"}
        old.content = old.content | {"settings": settings}
    with pytest.raises(Invalid):
        restore(1, onto=2)
    assert the_task().settings["sql"] == SQL


def test_the_one_before_is_the_newest_that_is_older(database: str) -> None:
    a_task_of_versions({"title": "One"}, {"title": "Two"}, {"title": "Three"})
    with transaction() as session:
        task = session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()
        session.delete(version_of(session, task, 2))
        session.flush()
        before = version_before(session, task, 3)
        assert before is not None
        assert before.version == 1
        assert version_before(session, task, 1) is None
        page = versions_page(session, task)
        assert [row.version.version for row in page.rows] == [3, 1]
