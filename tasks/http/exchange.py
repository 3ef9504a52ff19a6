"""One question and its answer: no redirect is followed, nothing is sent twice."""

import errno
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from logging import getLogger
from pathlib import Path

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as Slow
from urllib3.response import HTTPResponse

from tasks.errors import ErrorKind, JobError
from tasks.http.target import Target

log = getLogger(__name__)

LARGEST_ANSWER = 20_000_000
CONNECT_SECONDS = 10.0
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; its text stands in a file."""

    status: int
    media_type: str
    bytes: int


def call(
    target: Target,
    method: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    seconds: float,
    into: Path,
    check: Callable[[], None],
) -> Answer:
    """Ask, and write the answer into a file; `check` is called while it comes in.

    Raises JobError. Every wait together takes at most `seconds`, and as long again to connect.
    """
    try:
        connection = _connected(target, seconds)
        try:
            until = time.monotonic() + seconds
            connection.request(
                method,
                target.path,
                body=body or None,
                headers=dict(headers) | {"host": target.authority, "accept-encoding": "identity"},
                preload_content=False,
                decode_content=False,
            )
            answer = connection.getresponse()
            size = _receive(answer, into, until, check)
        finally:
            connection.close()
    except (HTTPError, HTTPException, OSError) as error:
        raise _explained(target, error) from error
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(answer.status, kind, size)


def _connected(target: Target, seconds: float) -> HTTPConnection:
    """Connect to the first address that listens: these were checked, the name is asked no more."""
    *others, last = target.addresses()
    for address in others:
        connection = _connection(target, address, seconds)
        try:
            connection.connect()
        except (NewConnectionError, ConnectTimeoutError) as error:
            log.warning("address does not listen", extra={"host": target.host, "why": _why(error)})
            connection.close()
        else:
            return _patient(connection, seconds)
    connection = _connection(target, last, seconds)
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return _patient(connection, seconds)


def _patient(connection: HTTPConnection, seconds: float) -> HTTPConnection:
    connection.timeout = seconds
    return connection


def _connection(target: Target, address: str, seconds: float) -> HTTPConnection:
    patience = min(CONNECT_SECONDS, seconds)
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=patience)
    return HTTPSConnection(
        address,
        target.port,
        timeout=patience,
        server_hostname=target.host.rstrip("."),  # whose certificate it has to show
        ssl_context=ssl.create_default_context(),
    )


def _receive(answer: HTTPResponse, into: Path, until: float, check: Callable[[], None]) -> int:
    size = 0
    with into.open("wb") as file:
        while chunk := answer.read1(CHUNK, decode_content=False):
            check()
            size += len(chunk)
            if size > LARGEST_ANSWER:
                raise JobError(
                    "The answer is larger than {most} MB.",
                    kind=ErrorKind.JOB,
                    most=LARGEST_ANSWER // 1_000_000,
                )
            if time.monotonic() > until:
                raise TimeoutError("the answer took too long")
            file.write(chunk)
    return size


def _explained(target: Target, error: Exception) -> JobError:
    """Say what went wrong, and whether another try can help."""
    host, why = target.authority, _why(error)
    if isinstance(error, ssl.SSLError):
        return JobError(
            "{host} did not prove who it is ({why}). Look at its certificate.",
            kind=ErrorKind.SOURCE_REFUSED,
            host=host,
            why=why,
        )
    if isinstance(error, NewConnectionError | ConnectTimeoutError):
        return JobError(
            "{host} could not be reached ({why}).",
            kind=ErrorKind.SOURCE_UNREACHABLE,
            transient=True,
            host=host,
            why=why,
        )
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        return JobError(
            "The answer could not be written: the disk is full.",
            kind=ErrorKind.NO_SPACE,
            transient=True,
        )
    return JobError(
        "The line to {host} broke, or its answer took too long ({why}).",
        kind=ErrorKind.SOURCE_LOST,
        transient=True,
        host=host,
        why=why,
    )


def _why(error: Exception) -> str:
    """Return the cause in few words; urllib3 tells its own classes and addresses, too."""
    refused = isinstance(error, NewConnectionError)  # of the same family, although nothing waited
    if isinstance(error, TimeoutError | Slow) and not refused:
        return "time-out"
    cause = error.__cause__ or error
    return str(getattr(cause, "strerror", None) or cause)
