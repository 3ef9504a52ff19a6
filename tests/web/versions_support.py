"""A task of several versions, for the tests of their pages."""

from typing import Any

from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.definitions import change_task, content_of, create_task
from tasks.models import TaskDefinition
from tests.support.factories import a_source
from tests.web.conftest import Browser

SQL = "SELECT 1 AS A\nFROM DUMMY"
VERSIONS = "/tasks/a-report/versions"


def given(**values: Any) -> dict[str, Any]:
    settings = {"source": "demo", "sql": SQL} | values.pop("settings", {})
    return {"slug": "a-report", "title": "A report", "settings": settings} | values


def a_task_of_versions(*versions: dict[str, Any]) -> None:
    """Save a task, and change it to each of the versions after the first."""
    a_source()
    first, *others = versions
    with transaction() as session:
        task = create_task(session, content_of(**first), changed_by="ayse")
    for one in others:
        change(**one)
    assert task.slug == "a-report"


def change(**values: Any) -> None:
    with transaction() as session:
        task = session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()
        content = content_of(**values)
        change_task(session, task, content, version=task.version, changed_by="mehmet")


def the_task() -> TaskDefinition:
    with reading() as session:
        return session.scalars(select(TaskDefinition).filter_by(slug="a-report")).one()


def restore(browser: Browser, number: int, **fields: Any) -> Any:
    page = f"{VERSIONS}/{number}"
    return browser.submit(
        f"{page}/restorations", page=page, **({"version": str(the_task().version)} | fields)
    )


def row_of(page: str, number: int) -> str:
    return " ".join(page.split(f"Version {number}</a>")[1].split("</tr>")[0].split())
