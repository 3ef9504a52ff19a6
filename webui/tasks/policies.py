"""What a task's form says about how it runs: retry, overlap, deadlines, alerts, retention."""

from typing import Any

from flask import request

from tasks.errors import Invalid
from tasks.models import Overlap, TaskDefinition
from tasks.models.task import TRANSIENT_KINDS
from webui.forms import Form, typed
from webui.numbers import number_of, shown
from webui.tasks.waits import backoff_of

LENGTHS = ("timeout_seconds", "retry_delay_seconds", "retry_max_delay_seconds")
DEADLINES = ("start_deadline_seconds", "finish_deadline_seconds")
NUMBERS = ("priority", "max_attempts")
LIMITS = ("max_running", "artifact_retention_days", "artifact_keep_last", "run_retention_days")
TEXTS = (
    *(*NUMBERS, *LIMITS, "retry_backoff", "queue", "overlap", "retry_jitter"),
    "alert_recipients",
)
MOST_PERCENT = 100

NEW = TaskDefinition(
    queue="default",
    priority=5,
    timeout_seconds=900,
    max_attempts=3,
    retry_delay_seconds=60,
    retry_backoff=2.0,
    retry_max_delay_seconds=3_600,
    retry_jitter=0.1,
    retry_on=list(TRANSIENT_KINDS),
    safe_to_repeat=True,
    overlap=Overlap.ALLOW,
    alert_recipients=[],
)
"""What a new task begins with."""


def put(form: Form, task: TaskDefinition) -> None:
    """Show the policies of a task."""
    form.values |= {name: str(getattr(task, name)) for name in NUMBERS}
    form.values |= {name: _or_empty(getattr(task, name)) for name in LIMITS}
    form.values |= {
        "queue": task.queue,
        "overlap": task.overlap.value,
        "retry_backoff": shown(f"{task.retry_backoff:g}"),
        "retry_jitter": shown(f"{task.retry_jitter * 100:g}"),
        "retry_on": list(task.retry_on),
        "safe_to_repeat": task.safe_to_repeat,
        "alert_recipients": "\n".join(task.alert_recipients),
    }
    for name in (*LENGTHS, *DEADLINES):
        form.put_length(name, getattr(task, name))


def sent() -> dict[str, Any]:
    """The controls as they were sent; what was not sent stays as a new task has it."""
    names = [*TEXTS, *LENGTHS, *DEADLINES]
    names += [f"{name}-unit" for name in (*LENGTHS, *DEADLINES)]
    return {name: typed(name) for name in names} | {
        "retry_on": request.form.getlist("retry_on"),
        "safe_to_repeat": "safe_to_repeat" in request.form,
    }


def content(form: Form) -> dict[str, Any]:
    """The policies as they are checked; raises Invalid for what can be read in two ways."""
    return {
        "queue": form.text("queue") or NEW.queue,
        "overlap": form.text("overlap") or NEW.overlap.value,
        "retry_on": form.values["retry_on"],
        "retry_jitter": _part(form) or 0,
        "retry_backoff": backoff_of(form),
        "safe_to_repeat": form.values["safe_to_repeat"],
        "alert_recipients": form.lines("alert_recipients"),
        **{name: form.whole(name) for name in NUMBERS},
        **{name: form.whole(name) or None for name in LIMITS},
        **{name: form.take_length(name) for name in LENGTHS},
        **{name: form.take_length(name) if form.text(name) else None for name in DEADLINES},
    }


def problems(form: Form) -> list[Invalid]:
    """Return what is wrong here and would not be seen in the content."""
    if _part(form) is not None:
        return []
    given = form.text("retry_jitter")
    return [
        Invalid("“{given}” is not a percentage from 0 to 100.", field="retry_jitter", given=given)
    ]


def differs(form: Form, *names: str) -> bool:
    """Whether one of these is not as a new task has it, or is wrong, so that it must be seen."""
    usual = Form()
    put(usual, NEW)
    return any(form.values.get(one) != usual.values[one] or one in form.errors for one in names)


def _or_empty(number: int | None) -> str:
    return "" if number is None else str(number)


def _part(form: Form) -> float | None:
    """Return a percentage as a part of one; nothing typed is none of it, None is no percentage."""
    text = form.text("retry_jitter").removeprefix("%").removesuffix("%").strip()
    try:
        percent = float(number_of(text, field="retry_jitter", most=MOST_PERCENT) or 0)
    except ValueError:
        return None
    return percent / 100 if 0 <= percent <= MOST_PERCENT else None
