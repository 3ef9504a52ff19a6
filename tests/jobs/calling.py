"""A call of the job `http_call`."""

from pathlib import Path
from typing import Any

from tasks.jobs.context import JobResult
from tasks.jobs.registry import find_job
from tests.support.jobs import a_context


def call(home: Path, url: str, **given: Any) -> JobResult:
    context = given.pop("context", {})
    told = a_context(home / "folder", settings={"url": url} | given, **context)
    return find_job("http_call").perform(told)
