"""The server as a program: on the loopback only, gone with its parent, with TLS if it is asked."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hdbcli import dbapi

from tests.engine.running_stack import is_alive
from tests.support.certificates import a_certificate
from tests.support.hana import Hana
from tests.support.probe import CHECKOUT
from tests.support.waiting import wait_until
from tests.unit.demo.conftest import built_in

LISTENING = "0A"
"""The state of a socket as the kernel writes it."""

PARENT = """
import subprocess, sys
server = subprocess.Popen(
    [sys.executable, "-m", "tests.hana_server", "--orders", "--company", sys.argv[1]],
    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
server.stdout.readline()
print(server.pid, flush=True)
server.wait()
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_in(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of its own for 127.0.0.1, and its key."""
    return a_certificate(tmp_path_factory.mktemp("tls"), "127.0.0.1")


def test_the_server_ends_when_its_parent_is_killed(company: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(company)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)

    wait_until(lambda: not is_alive(server), "the server has ended")


def test_the_server_leaves_no_file_behind(company: Path, tmp_path: Path) -> None:
    server = Hana(company, folder=tmp_path)
    assert list(tmp_path.iterdir())

    server.stop()

    assert not list(tmp_path.iterdir())


def test_a_developer_is_told_how_to_connect(company: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.hana_server", "--company", str(company)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),  # as in the background
    ) as server:
        assert server.stdout is not None
        said = "".join(server.stdout.readline() for _ in range(10))
        server.send_signal(signal.SIGINT)

    assert "from hdbcli import dbapi" in said
    assert server.returncode == 0


def test_the_server_listens_on_the_loopback_only(hana: Hana) -> None:
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [address for _, address, _, state, *_ in sockets if state == LISTENING]
    port = f":{hana.port:04X}"

    assert [address for address in listening if address.endswith(port)] == [f"0100007F{port}"]


@pytest.fixture(scope="module")
def encrypted(company: Path, certificate: tuple[Path, Path]) -> Iterator[Hana]:
    """A server that speaks TLS with that certificate."""
    server = Hana(company, tls=certificate)
    yield server
    server.stop()


def test_a_certificate_that_is_trusted_is_taken(
    encrypted: Hana, certificate: tuple[Path, Path]
) -> None:
    for trusted in (str(certificate[0]), certificate[0].read_text(encoding="utf-8")):
        _check(encrypted, sslValidateCertificate="true", sslTrustStore=trusted)


def test_a_certificate_that_nobody_vouches_for_is_refused(encrypted: Hana) -> None:
    with pytest.raises(dbapi.Error, match="certificate validation failed"):
        _check(encrypted, sslValidateCertificate="true")


def test_a_certificate_for_another_host_is_refused(
    encrypted: Hana, certificate: tuple[Path, Path]
) -> None:
    with pytest.raises(dbapi.Error, match="Hostname 'elsewhere' does not match"):
        _check(encrypted, sslTrustStore=str(certificate[0]), sslHostNameInCertificate="elsewhere")


def test_a_certificate_is_not_looked_at_where_validation_is_off(encrypted: Hana) -> None:
    _check(encrypted, sslValidateCertificate="false")


def test_a_client_that_does_not_encrypt_is_refused(encrypted: Hana) -> None:
    with pytest.raises(dbapi.Error) as refused:
        encrypted.connect()

    assert refused.value.errorcode == -10709


def _check(server: Hana, **options: Any) -> None:
    connection = server.connect(encrypt="true", **options)
    cursor = connection.cursor()
    cursor.execute("SELECT 1 FROM DUMMY")
    assert cursor.fetchone()[0] == 1
    connection.close()
