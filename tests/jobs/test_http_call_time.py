"""The job `http_call` and a server that is away, slow or silent: it ends, and in time."""

import socket
import threading
import time
from pathlib import Path

import pytest

from tasks.db import reading, transaction
from tasks.errors import ErrorKind, JobError
from tasks.jobs.context import Stopped
from tasks.models import Run, RunState, TaskDefinition
from tasks.runs.perform import perform
from tests.jobs.calling import call
from tests.support.certificates import a_certificate
from tests.support.factories import a_run, a_task
from tests.support.web_server import Asked, WebServer


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
