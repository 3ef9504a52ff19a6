"""What a task can do: jobs, registered by name, each with its settings as a typed signature."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.jobs.context import (
    JobContext,
    JobResult,
    Letter,
    Progress,
    ReportFile,
    Result,
    Stopped,
)
from tasks.jobs.fields import FieldKind, SettingField, fields_of
from tasks.jobs.packages import load_packages
from tasks.jobs.signature import Signature, signature_of
from tasks.problems import problems_of

__all__ = [
    "BUILT_IN",
    "FieldKind",
    "Job",
    "JobContext",
    "JobResult",
    "Letter",
    "Progress",
    "ReportFile",
    "Result",
    "SettingField",
    "Stopped",
    "all_jobs",
    "find_job",
    "job",
    "settings_fields",
]

Perform = TypeVar("Perform", bound=Callable[..., JobResult])

BUILT_IN = {
    "report": "tasks.jobs.report",
    "log_cleanup": "tasks.jobs.log_cleanup",
    "http_call": "tasks.jobs.http_call",
    "backup": "tasks.jobs.backup",
}
"""The jobs of the product, each with its module, which is imported when it is first needed."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job: its name, what it is called on screen, its settings, and the function that does it."""

    name: str
    title: str
    about: str
    signature: Signature
    function: Callable[..., JobResult]

    @property
    def settings(self) -> type[BaseModel]:
        """The model that checks the settings of a task with this job."""
        return self.signature.model

    def perform(self, context: JobContext) -> JobResult:
        """Do the job with the settings of the context's task."""
        settings = self._checked(context.settings)
        return self.function(context, **self.signature.arguments(settings))

    def _checked(self, kept: Mapping[str, Any]) -> BaseModel:
        try:
            return self.settings.model_validate(kept)
        except ValidationError as error:
            problem = problems_of(error)[0]
            raise JobError(
                "The setting “{name}” no longer fits its job: {why} Edit the task.",
                kind=ErrorKind.PARAMETER,
                name=problem.field,
                why=problem.message,
            ) from error


_jobs: dict[str, Job] = {}


def job(
    name: str, *, title: str = "", about: str = "", has_own_form: bool = False
) -> Callable[[Perform], Perform]:
    """Register the decorated function as the job `name`; its keyword-only parameters are settings.

    `title` and `about` are marked English for the form. Raises TypeError for a signature that no
    form could be made of, unless it `has_own_form`, and ValueError for a name that is taken.
    """

    def register(function: Perform) -> Perform:
        _check_name(name, function)
        signature = signature_of(function)
        if not has_own_form:
            fields_of(signature.model)  # raises where a setting has no control
        words = title or name.replace("_", " ").capitalize()
        _jobs[name] = Job(name, words, about, signature, function)
        return function

    return register


def find_job(name: str) -> Job:
    """Return the job of this name; raises Invalid where it is not installed."""
    if name in _jobs:
        return _jobs[name]
    if name in BUILT_IN:
        import_module(BUILT_IN[name])  # registers itself; heavy, so not earlier
        return _jobs[name]
    broken = load_packages()
    if name in _jobs:
        return _jobs[name]
    if broken:
        raise Invalid(
            "There is no job “{name}”. The package {package} could not be loaded: {why}",
            field="job",
            name=name,
            package=broken[0].package,
            why=broken[0].why,
        )
    raise Invalid("There is no job “{name}”.", field="job", name=name)


def all_jobs() -> list[Job]:
    """Return every job that is installed: the product's own first, then the others by name."""
    own = [find_job(name) for name in BUILT_IN]
    load_packages()
    return own + [_jobs[name] for name in sorted(_jobs) if name not in BUILT_IN]


def settings_fields(job: Job) -> list[SettingField]:
    """Return the settings of a job as the controls of a form."""
    return fields_of(job.settings)


def _check_name(name: str, function: Callable[..., JobResult]) -> None:
    before = _jobs.get(name)
    place = (function.__module__, function.__qualname__)
    taken = before is not None and place != (
        before.function.__module__,
        before.function.__qualname__,
    )
    if taken or BUILT_IN.get(name, function.__module__) != function.__module__:
        raise ValueError(f"There is a job “{name}” already: {'.'.join(place)} needs another name.")
