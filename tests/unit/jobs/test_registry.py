"""Jobs by name: the typed signature is the model of the settings, and a wrong one is refused."""

import dataclasses
import subprocess
import sys
from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from tasks.definitions import TaskContent
from tasks.errors import ErrorKind, Invalid, JobError
from tasks.jobs.context import JobContext, JobResult
from tasks.jobs.registry import BUILT_IN, all_jobs, find_job, job
from tasks.jobs.signature import TASKS_OWN


@job("count")
def count(
    context: JobContext, *, upto: Annotated[int, Field(ge=1, le=9)], loud: bool = False
) -> JobResult:
    return JobResult(rows=upto, reason="loud" if loud else "")


class Both(BaseModel):
    first: int
    second: int = 2


@job("both")
def both(context: JobContext, *, settings: Both) -> JobResult:
    return JobResult(rows=settings.first + settings.second)


@pytest.mark.parametrize(
    ("name", "settings", "rows"),
    [("count", {"upto": "3"}, 3), ("both", {"first": 1}, 3)],
)
def test_a_job_gets_its_settings_checked_and_typed(
    context: JobContext, name: str, settings: dict[str, Any], rows: int
) -> None:
    given = dataclasses.replace(context, settings=settings)
    assert find_job(name).perform(given).rows == rows


def test_settings_that_no_longer_fit_fail_the_run_with_the_name_of_the_setting(
    context: JobContext,
) -> None:
    given = dataclasses.replace(context, settings={"upto": 10})
    with pytest.raises(JobError, match="“upto” no longer fits its job: 10 is too large") as failed:
        find_job("count").perform(given)
    assert failed.value.kind is ErrorKind.PARAMETER


def test_a_setting_that_the_job_does_not_have_is_refused(context: JobContext) -> None:
    given = dataclasses.replace(context, settings={"upto": 3, "other": 1})
    with pytest.raises(JobError, match="other"):
        find_job("count").perform(given)


def without_context() -> JobResult:
    return JobResult()


def with_another_first(upto: int) -> JobResult:
    return JobResult()


def positional(context: JobContext, upto: int) -> JobResult:
    return JobResult()


def untyped(context: JobContext, *, upto=3) -> JobResult:  # type: ignore[no-untyped-def]
    return JobResult()


def unknown_type(context: JobContext, *, upto: "Nowhere") -> JobResult:  # type: ignore[name-defined]  # noqa: F821
    return JobResult()


def any_number(context: JobContext, **upto: int) -> JobResult:
    return JobResult()


def silent(context: JobContext) -> None:
    return None


async def later(context: JobContext) -> JobResult:
    return JobResult()


def wrong_default(context: JobContext, *, upto: Annotated[int, Field(ge=1)] = 0) -> JobResult:
    return JobResult()


def own_class(context: JobContext, *, upto: Both, other: int) -> JobResult:
    return JobResult()


def a_mapping(context: JobContext, *, upto: dict[str, int]) -> JobResult:
    return JobResult()


def tasks_name(context: JobContext, *, priority: int = 5) -> JobResult:
    return JobResult()


def models_name(context: JobContext, *, model_dump: int = 5) -> JobResult:
    return JobResult()


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (without_context, "its first parameter must be a JobContext"),
        (with_another_first, "its first parameter must be a JobContext"),
        (positional, "put a * before “upto”"),
        (any_number, "put a * before “upto”"),
        (untyped, "“upto” has no type"),
        (unknown_type, "its types cannot be read"),
        (silent, "it must return a JobResult"),
        (later, "it must return a JobResult"),
        (wrong_default, "the default of “upto” does not fit"),
        (own_class, "No control of a form fits “upto”"),
        (a_mapping, "No control of a form fits “upto”"),
        (tasks_name, "every task has “priority” already"),
        (models_name, "“model_dump” cannot be the name of a setting"),
    ],
)
def test_a_signature_without_a_form_is_refused_when_it_is_registered(
    function: Callable[..., JobResult], reason: str
) -> None:
    with pytest.raises(TypeError) as refused:
        job("wrong")(function)
    assert reason in str(refused.value)
    with pytest.raises(Invalid, match="There is no job “wrong”"):
        find_job("wrong")


@pytest.mark.parametrize("name", ["count", "report"])
def test_a_name_that_is_taken_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"There is a job “{name}” already"):
        job(name)(lambda context: JobResult())


def test_every_name_that_a_task_has_itself_is_kept_from_the_settings_of_jobs() -> None:
    assert set(TaskContent.model_fields) <= TASKS_OWN


def test_the_products_own_jobs_come_first() -> None:
    names = [one.name for one in all_jobs()]
    assert names[: len(BUILT_IN)] == list(BUILT_IN)
    assert {"both", "count"} <= set(names[len(BUILT_IN) :])


def test_asking_for_the_registry_loads_no_job() -> None:
    """Beat and an idle web process know the registry; what only a job needs must not come along."""
    heavy = "import sys, tasks.jobs.registry; print([m for m in ('tasks.jobs.report', 'duckdb', \
'urllib3', 'sqlalchemy') if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_the_job_of_reports_loads_no_format_before_it_is_written() -> None:
    heavy = "import sys, tasks.jobs.report; print(*{'reportlab', 'PIL', 'pyarrow', 'orjson', \
'isal'} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
