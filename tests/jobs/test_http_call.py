"""The job `http_call` against a real server: what is sent, and what its answer means."""

import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.db import reading, transaction
from tasks.errors import ErrorKind, Invalid, JobError
from tasks.http import exchange
from tasks.jobs.context import JobResult, Stopped
from tasks.jobs.registry import find_job
from tasks.models import Run, RunState, TaskDefinition
from tasks.runs.perform import perform
from tasks.settings import settings
from tests.support.certificates import a_certificate
from tests.support.factories import a_run, a_task
from tests.support.jobs import a_context
from tests.support.web_server import Asked, WebServer, web_server


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A server that a task may call by the name `localhost`."""
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", "localhost")
    settings.cache_clear()
    with web_server() as running:
        yield running


def call(home: Path, url: str, **given: Any) -> JobResult:
    context = given.pop("context", {})
    told = a_context(home / "folder", settings={"url": url} | given, **context)
    return find_job("http_call").perform(told)


def test_the_answer_is_kept_as_a_file(home: Path, server: WebServer) -> None:
    server.answer = lambda asked: asked.say(200, b'{"rows": 3}', "application/json; charset=utf-8")
    (file,) = call(home, server.url(), method="GET").files
    assert (file.path.name, file.media_type) == (
        "a-task-2026-03-16-0900.json",
        "application/json",
    )
    assert json.loads(file.path.read_text()) == {"rows": 3}
    assert [one.name for one in file.path.parent.iterdir()] == [file.path.name]


def test_a_foreign_page_is_kept_as_bytes(home: Path, server: WebServer) -> None:
    server.answer = lambda asked: asked.say(200, b"<script>", "text/html")
    (file,) = call(home, server.url()).files
    assert (file.path.suffix, file.media_type) == (".bin", "application/octet-stream")


def test_an_empty_answer_leaves_no_file(home: Path, server: WebServer) -> None:
    server.answer = lambda asked: asked.say(204)
    assert call(home, server.url()).files == ()
    assert list((home / "folder").iterdir()) == []


def test_the_parameters_are_filled_into_address_and_text(home: Path, server: WebServer) -> None:
    definitions = [{"name": "day", "type": "date"}, {"name": "who", "type": "text"}]
    call(
        home,
        server.url("/for/{who}?day={day}"),
        headers=["X-Key: abc", "Accept: text/csv"],
        body='{"who": "{who}", "task": "{task}", "at": "{scheduled_for}"}',
        context={
            "parameter_definitions": definitions,
            "parameters": {"day": "days_ago(1)", "who": 'a/"b"'},
        },
    )
    (asked,) = server.questions
    assert (asked.method, asked.path) == ("POST", "/for/a%2F%22b%22?day=2026-03-15")
    assert json.loads(asked.body) == {
        "who": 'a/"b"',
        "task": "a-task",
        "at": "2026-03-16T09:00:00+00:00",
    }
    assert asked.headers["x-key"] == "abc"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["host"] == f"localhost:{server.server_port}"
    assert asked.headers["user-agent"] == "Task-Orchestrator"


@pytest.mark.parametrize(
    ("status", "kind", "transient"),
    [
        (500, ErrorKind.JOB, False),
        (404, ErrorKind.JOB, False),
        (401, ErrorKind.SOURCE_REFUSED, False),
        (403, ErrorKind.SOURCE_REFUSED, False),
        (429, ErrorKind.SOURCE_UNREACHABLE, True),
        (503, ErrorKind.SOURCE_UNREACHABLE, True),
    ],
)
def test_an_answer_that_is_not_expected_fails_with_its_number(
    home: Path, server: WebServer, status: int, kind: ErrorKind, transient: bool
) -> None:
    server.answer = lambda asked: asked.say(status, b"no")
    with pytest.raises(JobError, match=f"answered {status} and not 200") as failed:
        call(home, server.url(), expected=[200])
    assert (failed.value.kind, failed.value.transient) == (kind, transient)


def test_an_answer_that_is_expected_is_a_success_whatever_it_is(
    home: Path, server: WebServer
) -> None:
    server.answer = lambda asked: asked.say(404, b"no")
    assert call(home, server.url(), expected=[200, 404]).files


def test_a_redirect_is_not_followed(home: Path, server: WebServer) -> None:
    server.answer = lambda asked: asked.say(302, Location=server.url("/elsewhere"))
    with pytest.raises(JobError, match="wants to be asked elsewhere"):
        call(home, server.url())
    assert len(server.questions) == 1


def test_the_own_network_is_refused_without_a_word_to_it(home: Path, server: WebServer) -> None:
    with pytest.raises(JobError, match="127.0.0.1 lies in the own network") as failed:
        call(home, server.url(host="127.0.0.1"))
    assert failed.value.kind is ErrorKind.SOURCE_REFUSED
    assert server.questions == []


def test_a_name_is_asked_once_and_the_call_goes_where_it_was_checked(
    home: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers differently the second time (rebinding) gains nothing."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *arguments: Any, **options: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1" if host == "localhost" else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    call(home, server.url())
    assert asked == ["localhost", "127.0.0.1"]


def test_of_several_addresses_the_first_that_listens_is_called(
    home: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def two(host: str, *arguments: Any, **options: Any) -> Any:
        hosts = ["127.0.0.2", "127.0.0.1"] if host == "localhost" else [host]
        return [found for one in hosts for found in real(one, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    assert call(home, server.url()).files


def test_the_certificate_must_be_the_hosts_although_the_call_goes_to_its_address(
    home: Path, server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = a_certificate(tmp_path, "localhost")
    server.speak_tls(certificate, key)
    with pytest.raises(JobError, match="did not prove who it is") as failed:
        call(home, server.url())
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SOURCE_REFUSED, False)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert call(home, server.url()).files


def test_the_certificate_of_another_host_is_refused(
    home: Path, server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = a_certificate(tmp_path, "other.example")
    server.speak_tls(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(JobError, match="did not prove who it is"):
        call(home, server.url())
    assert server.questions == []


def test_a_host_that_does_not_listen_may_listen_later(home: Path, server: WebServer) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(JobError, match="could not be reached .Connection refused") as failed:
        call(home, f"http://localhost:{port}/")
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)


def test_a_line_that_breaks_in_the_middle_is_lost(home: Path, server: WebServer) -> None:
    def half(asked: Asked) -> None:
        asked.send_response(200)
        asked.send_header("Content-Length", "100")
        asked.end_headers()
        asked.wfile.write(b"half")

    server.answer = half
    with pytest.raises(JobError, match="The line to localhost:\\d+ broke") as failed:
        call(home, server.url())
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SOURCE_LOST, True)


def test_an_answer_that_never_comes_ends_with_its_time(home: Path, server: WebServer) -> None:
    over = threading.Event()

    def wait(_asked: Asked) -> None:
        over.wait(60)

    server.answer = wait
    try:
        with pytest.raises(JobError, match="took too long .time-out") as failed:
            call(home, server.url(), answer_seconds=1)
    finally:
        over.set()
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SOURCE_LOST, True)


def test_an_answer_that_drips_ends_with_its_time(home: Path, server: WebServer) -> None:
    over = threading.Event()

    def drip(asked: Asked) -> None:
        asked.send_response(200)
        asked.end_headers()
        for _ in range(600):
            if over.wait(0.1):
                return
            asked.wfile.write(b"x")

    server.answer = drip
    began = time.monotonic()
    try:
        with pytest.raises(JobError, match="took too long"):
            call(home, server.url(), answer_seconds=1)
    finally:
        over.set()
    assert time.monotonic() - began < 20


def test_headers_that_drip_end_with_their_time(home: Path, server: WebServer) -> None:
    over = threading.Event()

    def drip(asked: Asked) -> None:
        asked.send_response(200)
        asked.flush_headers()
        while not over.wait(0.1):
            asked.wfile.write(b"X: y\r\n")

    server.answer = drip
    began = time.monotonic()
    with pytest.raises(JobError, match="took too long .time-out") as failed:
        call(home, server.url(), answer_seconds=1)
    over.set()
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SOURCE_LOST, True)
    assert time.monotonic() - began < 20


def test_an_answer_that_drips_by_tls_ends_with_its_time_and_says_so(
    home: Path, server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = a_certificate(tmp_path, "localhost")
    server.speak_tls(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    over = threading.Event()

    def drip(asked: Asked) -> None:
        asked.send_response(200)
        asked.end_headers()
        while not over.wait(0.1):
            asked.wfile.write(b"x")

    server.answer = drip
    with pytest.raises(JobError, match="took too long .time-out"):
        call(home, server.url(), answer_seconds=1)
    over.set()


def test_of_very_many_addresses_only_the_first_are_tried(
    home: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tried = socket.getaddrinfo, set[str]()

    def many(host: str, *arguments: Any, **options: Any) -> Any:
        tried.add(host)
        hosts = [f"127.0.1.{one}" for one in range(1, 101)] if host == "localhost" else [host]
        return [found for one in hosts for found in real(one, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", many)
    with pytest.raises(JobError, match="could not be reached"):
        call(home, server.url())
    assert len(tried - {"localhost"}) == 10


def test_a_proxy_of_the_environment_is_not_asked(
    home: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would look the name up by itself, so that nothing that was checked counted."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert call(home, server.url()).files


def test_a_value_cannot_lead_to_another_page_of_the_host(home: Path, server: WebServer) -> None:
    definitions = [{"name": "who", "type": "text"}]
    for value in ("..", "../admin", "x/../../admin"):
        parameters = {"parameter_definitions": definitions, "parameters": {"who": value}}
        with pytest.raises(Invalid, match="between two slashes"):
            call(home, server.url("/for/{who}/page"), context=parameters)
    assert server.questions == []


def test_an_answer_that_is_too_large_is_not_taken(
    home: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "LARGEST_ANSWER", 1_000_000)
    server.answer = lambda asked: asked.say(200, b"x" * 1_000_001)
    with pytest.raises(JobError, match="larger than 1 MB"):
        call(home, server.url())


def test_a_compressed_answer_is_not_unpacked(home: Path, server: WebServer) -> None:
    server.answer = lambda asked: asked.say(200, b"\x1f\x8bzip", Content_Encoding="gzip")
    (file,) = call(home, server.url()).files
    assert file.path.read_bytes() == b"\x1f\x8bzip"
    assert server.questions[0].headers["accept-encoding"] == "identity"


def test_a_call_that_is_cancelled_stops_while_its_answer_comes(
    home: Path, server: WebServer
) -> None:
    with pytest.raises(Stopped):
        call(home, server.url(), context={"stopped": lambda: True})


def test_a_call_that_hangs_ends_with_the_time_limit_of_its_task(
    sqlite_database: str, home: Path, server: WebServer
) -> None:
    over = threading.Event()

    def hang(_asked: Asked) -> None:
        over.wait(60)

    server.answer = hang
    task = a_task(job="http_call", timeout_seconds=1)
    with transaction() as session:
        session.get_one(TaskDefinition, task.id).settings = {"url": server.url()}
    run = a_run(task)
    began = time.monotonic()
    perform(run.id, worker="worker-1")
    over.set()
    with reading() as session:
        assert session.get_one(Run, run.id).state is RunState.TIMED_OUT
    assert time.monotonic() - began < 20


def test_no_value_of_a_header_and_no_parameter_is_logged(
    home: Path, server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answer = lambda asked: asked.say(500, b"you sent hunter2")
    with pytest.raises(JobError) as failed:
        call(
            home,
            server.url("/?key=hunter2"),
            headers=["Authorization: Bearer hunter2"],
            body="hunter2",
        )
    assert "hunter2" not in failed.value.message
    assert "hunter2" not in "".join(str(vars(record)) for record in caplog.records)
