"""From the signature of a job to the model of its settings, refused early where it is unclear."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.errors import PydanticUserError

from tasks.jobs.context import JobContext, JobResult

TASKS_OWN = frozenset({
    "slug", "title", "description", "job", "settings", "parameters", "queue", "priority",
    "timeout_seconds", "max_attempts", "retry_delay_seconds", "retry_backoff",
    "retry_max_delay_seconds", "retry_jitter", "retry_on", "safe_to_repeat", "overlap",
    "max_running", "start_deadline_seconds", "finish_deadline_seconds", "alert_recipients",
    "artifact_retention_days", "artifact_keep_last", "run_retention_days", "chains", "is_active",
})  # fmt: skip
"""Names that every task has beside its job's settings: in the form both would be one."""

NOTHING = Parameter("nothing", Parameter.POSITIONAL_ONLY)
POSITIONAL = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Signature:
    """The model of a job's settings, and how its function takes them."""

    model: type[BaseModel]
    whole: str | None = None
    """The one parameter that takes the model as it is; None where each setting is a parameter."""

    def arguments(self, settings: BaseModel) -> dict[str, Any]:
        """Return the keywords to call the job's function with."""
        if self.whole is not None:
            return {self.whole: settings}
        return {name: getattr(settings, name) for name in self.model.model_fields}


def signature_of(function: Callable[..., JobResult]) -> Signature:
    """Read the settings of a job from its keyword-only parameters.

    Each parameter is a setting, or the only one takes a pydantic model of them all. Raises
    TypeError, with the function's name, where no form could be made of the signature.
    """
    hints = _hints(function)
    first, *given = inspect.signature(function).parameters.values() or [NOTHING]
    if first.kind not in POSITIONAL or hints.get(first.name) is not JobContext:
        raise _wrong(function, "its first parameter must be a JobContext")
    if hints.get("return") is not JobResult or inspect.iscoroutinefunction(function):
        raise _wrong(function, "it must return a JobResult")
    for one in given:
        _check_parameter(function, one, hints)
    if len(given) == 1 and _is_model(hints[given[0].name]):
        signature = Signature(hints[given[0].name], whole=given[0].name)
    else:
        signature = Signature(_model(function, given, hints))
    _check_names(function, signature)
    return signature


def _hints(function: Callable[..., JobResult]) -> dict[str, Any]:
    try:
        return get_type_hints(function, include_extras=True)
    except (NameError, TypeError) as error:
        raise _wrong(function, f"its types cannot be read ({error})") from error


def _check_parameter(
    function: Callable[..., JobResult], one: Parameter, hints: dict[str, Any]
) -> None:
    if one.kind is not Parameter.KEYWORD_ONLY:
        raise _wrong(function, f"put a * before “{one.name}”: each setting is keyword-only")
    if one.name not in hints:
        raise _wrong(function, f"“{one.name}” has no type")


def _model(
    function: Callable[..., JobResult], given: list[Parameter], hints: dict[str, Any]
) -> type[BaseModel]:
    for one in given:
        if one.name.startswith("_") or hasattr(BaseModel, one.name):
            raise _wrong(function, f"“{one.name}” cannot be the name of a setting")
    fields = {
        one.name: hints[one.name]
        if one.default is Parameter.empty
        else (hints[one.name], one.default)
        for one in given
    }
    try:
        return _checked(function, fields)
    except PydanticUserError as error:
        raise _wrong(function, error.message.splitlines()[0]) from error


def _checked(function: Callable[..., JobResult], fields: dict[str, Any]) -> type[BaseModel]:
    """Make the model; its defaults must fit their own types."""
    config = ConfigDict(extra="forbid", frozen=True, validate_default=True)
    model: type[BaseModel] = create_model(function.__name__, __config__=config, **fields)
    try:
        model.model_validate({})
    except ValidationError as error:
        for problem in error.errors():
            if problem["type"] != "missing":
                reason = f"the default of “{problem['loc'][0]}” does not fit ({problem['msg']})"
                raise _wrong(function, reason) from error
    return model


def _check_names(function: Callable[..., JobResult], signature: Signature) -> None:
    for name in signature.model.model_fields:
        if name in TASKS_OWN:
            raise _wrong(function, f"every task has “{name}” already: name the setting otherwise")


def _is_model(hint: object) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _wrong(function: Callable[..., JobResult], reason: str) -> TypeError:
    return TypeError(f"{function.__module__}.{function.__qualname__} cannot be a job: {reason}.")
