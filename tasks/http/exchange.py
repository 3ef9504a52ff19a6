"""One question and its answer: no redirect is followed, nothing is sent twice."""

import errno
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from logging import getLogger
from pathlib import Path

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as Slow
from urllib3.response import HTTPResponse

from tasks.errors import ErrorKind, JobError, mark
from tasks.http.target import Target

log = getLogger(__name__)

LARGEST_ANSWER = 20_000_000
CONNECT_SECONDS = 10.0
LEAST_PATIENCE = 0.1
MOST_ADDRESSES = 10
"""Of those that a name stands for, so many are tried."""
CHUNK = 65_536
TOO_LONG = "the answer took too long"


class Unanswered(JobError):
    """The question was handed over whole, and no whole answer came: it may have been obeyed."""


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

    Raises JobError, an Unanswered where all was sent. Question and answer together take at most
    `seconds`, however slowly either goes over the line, and so long at the most is tried to
    connect.
    """
    is_asked = False
    try:
        with closing(_connected(target, seconds)) as connection, _in_time(connection, seconds):
            connection.request(
                method,
                target.path,
                body=body or None,
                headers=dict(headers) | {"host": target.authority, "accept-encoding": "identity"},
                preload_content=False,
                decode_content=False,
            )
            is_asked = True
            answer = connection.getresponse()
            size = _receive(answer, into, check)
    except (HTTPError, HTTPException, OSError) as error:
        raise _explained(target, error, is_asked=is_asked) from error
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Answer(answer.status, kind, size)


def _connected(target: Target, seconds: float) -> HTTPConnection:
    """Connect to the first address that listens: these were checked, the name is asked no more."""
    until = time.monotonic() + seconds
    *others, last = target.addresses()[:MOST_ADDRESSES]
    for address in others:
        connection = _connection(target, address, until)
        try:
            connection.connect()
        except (NewConnectionError, ConnectTimeoutError) as error:
            log.warning("address does not listen", extra={"host": target.host, "why": _why(error)})
            connection.close()
        else:
            return _patient(connection, seconds)
    connection = _connection(target, last, until)
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return _patient(connection, seconds)


def _patient(connection: HTTPConnection, seconds: float) -> HTTPConnection:
    connection.timeout = seconds
    return connection


def _connection(target: Target, address: str, until: float) -> HTTPConnection:
    patience = min(CONNECT_SECONDS, max(until - time.monotonic(), LEAST_PATIENCE))
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=patience)
    return HTTPSConnection(
        address,
        target.port,
        timeout=patience,
        server_hostname=target.host.rstrip("."),  # whose certificate it has to show
        ssl_context=ssl.create_default_context(),
    )


@contextmanager
def _in_time(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Cut the line once the seconds are over: each byte that drips starts its own time-out anew."""
    until = time.monotonic() + seconds
    timer = threading.Timer(seconds, _cut, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    except (HTTPError, HTTPException, OSError) as error:
        if time.monotonic() >= until:
            raise TimeoutError(TOO_LONG) from error
        raise
    finally:
        timer.cancel()
    if time.monotonic() >= until:  # what was cut may look like the end of the answer
        raise TimeoutError(TOO_LONG)


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(line, socket.SHUT_RDWR)  # TLS would want to say goodbye first


def _receive(answer: HTTPResponse, into: Path, check: Callable[[], None]) -> int:
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
            file.write(chunk)
    return size


def _explained(target: Target, error: Exception, *, is_asked: bool) -> JobError:
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
        return Unanswered(  # our own disk: the other side has done what was asked
            "The answer could not be written: the disk is full.",
            kind=ErrorKind.NO_SPACE,
            transient=True,
        )
    lost = Unanswered if is_asked else JobError
    return lost(
        mark("The line to {host} broke, or its answer took too long ({why})."),
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
