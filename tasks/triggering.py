"""Runs that another Celery application asks for: the one message that can promise anything.

It is off until the settings hold a token and a list of tasks. A message that is refused leaves
one line in the log and nothing else; its sender is told nothing.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from hmac import compare_digest
from logging import getLogger
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from tasks.db import transaction
from tasks.errors import Forbidden, Invalid, OrchestratorError
from tasks.models import Run, Trigger
from tasks.queries.by_name import task_named
from tasks.reports.parameters import check_plain, definitions_of
from tasks.runs.dispatch import tell
from tasks.runs.promise import promise
from tasks.settings import settings

log = getLogger(__name__)

REQUESTER = "celery"
LONGEST_ID = 100
LONGEST_REASON = 300
LONGEST_VALUE = 4000
LARGEST = 2**63


def _storable(text: str) -> str:
    """Refuse what no database can hold: a NUL, and half of a character."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("it holds characters that are no text")
    return text


def _single(value: object) -> object:
    """Refuse a value that is none of those a parameter can have."""
    if isinstance(value, str):
        short = len(_storable(value)) <= LONGEST_VALUE
    else:
        short = isinstance(value, float | None) or (
            isinstance(value, int) and -LARGEST <= value < LARGEST
        )
    if not short:
        raise ValueError(f"give a text of at most {LONGEST_VALUE} characters, a number, yes or no")
    return value


Text = Annotated[str, AfterValidator(_storable)]
Key = Annotated[Text, Field(min_length=1, max_length=LONGEST_ID)]
Name = Annotated[Text, Field(max_length=40)]
Value = Annotated[object, AfterValidator(_single)]


class Request(BaseModel):
    """What a message may hold, by type and length; anything beside it is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    task: Annotated[Text, Field(max_length=80)]
    parameters: dict[Name, Value] = Field(default_factory=dict, max_length=100)
    request_key: Key | None = None
    token: str = Field(max_length=400)


def trigger(message: Mapping[str, object], *, message_id: object, now: datetime) -> Run | None:
    """Promise the run that a message asks for, or write down why not; raises nothing of these.

    The same `request_key`, or else the same message come twice, is promised once.
    """
    try:
        request = _checked(message)
        run = _promise(request, request.request_key or _key_of(message_id), now=now)
    except OrchestratorError as error:
        why = error.message
    except DBAPIError as error:
        why = f"the database could not be used: {error.orig}"
    else:
        tell(run)
        log.info("trigger taken", extra={"run_id": run.id, "task": request.task})
        return run
    fields = {"why": why[:LONGEST_REASON], "message_id": str(message_id)[:LONGEST_ID]}
    log.warning("trigger refused", extra=fields)
    return None


def _checked(message: Mapping[str, object]) -> Request:
    """Return what the message asks for; raises Forbidden before it says what else is wrong."""
    secret, given = settings().trigger_token.get_secret_value(), message.get("token")
    if not secret:
        raise Forbidden("Set ORCHESTRATOR_TRIGGER_TOKEN to take runs from other applications.")
    if not isinstance(given, str) or not compare_digest(_bytes(given), _bytes(secret)):
        raise Forbidden("The token is missing or wrong.")
    try:
        request = Request.model_validate(message)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])[:LONGEST_ID]
        why = first["msg"].removeprefix("Value error, ")
        raise Invalid("{where}: {why}.", where=where, why=why) from error
    if request.task not in _allowed():
        raise Forbidden(
            "The task “{task}” is not listed in ORCHESTRATOR_TRIGGER_TASKS.", task=request.task
        )
    return request


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _allowed() -> set[str]:
    return {name.strip() for name in settings().trigger_tasks.split(",")} - {""}


def _key_of(message_id: object) -> str:
    if not isinstance(message_id, str) or not 0 < len(message_id) <= LONGEST_ID:
        raise Invalid("Give a request_key: the message has no id that could stand for it.")
    return f"message {message_id}"


def _promise(request: Request, key: str, *, now: datetime) -> Run:
    """Promise the run, trying again for as long as a lease while our own database is away."""
    until = time.monotonic() + settings().lease_seconds
    while True:
        try:
            with transaction() as session:
                task = task_named(session, request.task)
                check_plain(definitions_of(task.parameters), request.parameters)
                return promise(
                    session,
                    task,
                    trigger=Trigger.CODE,
                    triggered_by=REQUESTER,
                    parameters=request.parameters,
                    now=now,
                    request_key=key,
                )
        except (OperationalError, InterfaceError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
