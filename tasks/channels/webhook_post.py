"""One message to an address that is a secret: sent once, and its answer judged."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from tasks.channels.bounds import STEP_SECONDS
from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.channels.names import plain
from tasks.channels.settings_secret import check_address
from tasks.errors import Invalid, JobError, mark
from tasks.http.exchange import Answer, Unanswered, call
from tasks.http.target import Target

NOT_NOW = (408, 425, 429)
LONGEST_QUOTE = 200


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = STEP_SECONDS
) -> None:
    """Send the message; raises Refused, Unreachable, or Uncertain where no answer came.

    The address is looked up once and checked, no redirect is followed, and no error holds more of
    it than its host.
    """
    try:
        target = check_address(url)
    except Invalid as error:
        raise Refused(error.template, **error.values) from error
    with _folder() as folder:
        into = Path(folder) / "answer"
        answer = _asked(target, body, headers, seconds, into)
        if not 200 <= answer.status < 300:
            raise _judged(target, answer.status, _quote(target, into))


def _folder() -> "tempfile.TemporaryDirectory[str]":
    """Make a folder for the answer; raises Unreachable, before anything is sent."""
    try:
        return tempfile.TemporaryDirectory(prefix="orchestrator-")
    except OSError as error:
        raise Unreachable(
            "This server has no room for an answer ({why}). Free space on its disk.",
            why=error.strerror or str(error),
        ) from error


def _asked(
    target: Target, body: bytes, headers: Mapping[str, str], seconds: float, into: Path
) -> Answer:
    try:
        return call(
            target,
            "POST",
            headers=dict(headers) | {"user-agent": "Task-Orchestrator"},
            body=body,
            seconds=seconds,
            into=into,
            check=_go_on,
        )
    except Unanswered as error:
        raise Uncertain(
            "{host} was told, but did not answer ({why}), so it may have got it.",
            host=target.authority,
            why=error.message,
        ) from error
    except JobError as error:
        kind = Unreachable if error.transient else Refused
        raise kind(error.template, **error.values) from error


def _judged(target: Target, status: int, quote: str) -> Refused | Unreachable:
    if 300 <= status < 400:
        return Refused(
            "{host} answered {status}: it wants to lead to another address, which is never "
            "followed. Enter the new address in the channel.",
            host=target.authority,
            status=status,
        )
    kind = Unreachable if status in NOT_NOW or status >= 500 else Refused
    return kind(
        mark("{host} answered {status}: {told}"),
        host=target.authority,
        status=status,
        told=quote or "–",
    )


def _quote(target: Target, answer: Path) -> str:
    """Return the beginning of what came back, without the part of the address that is secret."""
    with answer.open("rb") as file:
        text = file.read(4 * LONGEST_QUOTE).decode("utf-8", "replace")
    return plain(text.replace(target.path, "…"))[:LONGEST_QUOTE]


def _go_on() -> None:
    """A delivery is not cancelled while it is sent."""
