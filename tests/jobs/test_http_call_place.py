"""Where the job `http_call` goes, and where it never does."""

import socket
from pathlib import Path
from typing import Any

import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tests.jobs.calling import call
from tests.support.certificates import a_certificate
from tests.support.web_server import WebServer


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
