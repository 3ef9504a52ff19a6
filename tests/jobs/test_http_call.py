"""The job `http_call` against a real server: what is sent, and what its answer means."""

import json
import logging
from pathlib import Path

import pytest

from tasks.errors import ErrorKind, JobError
from tasks.http import exchange
from tests.jobs.calling import call
from tests.support.web_server import WebServer


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
