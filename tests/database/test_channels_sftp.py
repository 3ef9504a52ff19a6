"""Files on a real SSH server: whole, under their names, or not at all."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from tasks.channels.errors import Refused, Unreachable
from tasks.channels.settings import SftpSettings
from tasks.channels.sftp import send, try_out
from tasks.channels.sftp_line import fingerprint, key_of_server
from tasks.kinds import ChannelKind
from tasks.models import Channel, Delivery
from tests.support.channels import a_channel, a_delivery, a_file
from tests.support.ports import own_port
from tests.support.sftp import PASSWORD, USER, SftpServer, sftp_server


@pytest.fixture
def server(home: Path, tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / "sftp" / "in").mkdir(parents=True)
    with sftp_server(tmp_path / "sftp") as running:
        yield running


def channel_to(server: SftpServer, **values: Any) -> Channel:
    secrets = values.pop("secrets", {"password": PASSWORD})
    place: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "user": USER,
        "folder": "/in",
    }
    place["host_key"] = server.pinned
    return a_channel(ChannelKind.SFTP, secrets=secrets, **(place | values))


def delivery(**values: Any) -> Delivery:
    return a_delivery(ChannelKind.SFTP, **values)


def names_on(server: SftpServer) -> list[str]:
    return sorted(one.name for one in (server.root / "in").iterdir())


def test_the_files_arrive_byte_for_byte_and_nothing_else_stays(server: SftpServer) -> None:
    content = os.urandom(1_500_000)
    files = [a_file("overdue.xlsx", content), a_file("overdue.csv", b"")]
    told = send(delivery(name="{task}-{date}"), channel_to(server), files)
    assert names_on(server) == [
        "overdue-receivables-2026-03-16.csv",
        "overdue-receivables-2026-03-16.xlsx",
    ]
    there = server.root / "in" / "overdue-receivables-2026-03-16.xlsx"
    assert there.read_bytes() == content
    assert told.startswith("The files lie at 127.0.0.1:/in/overdue-receivables-2026-03-16.xlsx, ")


def test_a_private_key_lets_us_in(server: SftpServer) -> None:
    channel = channel_to(server, login="key", secrets={"private_key": server.private_key})
    send(delivery(), channel, [a_file()])
    assert names_on(server) == ["overdue.xlsx"]


@pytest.mark.parametrize("kind", ["ecdsa-sha2-nistp256", "ssh-rsa"])
def test_servers_with_other_kinds_of_keys_are_known_again(
    home: Path, tmp_path: Path, kind: str
) -> None:
    (tmp_path / "in").mkdir()
    with sftp_server(tmp_path, key=kind) as server:
        send(delivery(), channel_to(server), [a_file()])
        assert names_on(server) == ["overdue.xlsx"]


def test_the_key_of_a_server_is_shown_to_be_confirmed(server: SftpServer) -> None:
    asked = SftpSettings(host="127.0.0.1", port=server.port, user=USER)
    assert key_of_server(asked) == server.pinned
    assert fingerprint(server.pinned) == server.host_key.get_fingerprint()
    assert server.logins == []


def test_a_server_whose_key_is_another_gets_nothing(server: SftpServer) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    channel = channel_to(server, host_key=" ".join(other.split()[:2]))
    with pytest.raises(Refused, match=r"shows another key .* Nothing was sent to it") as refused:
        send(delivery(), channel, [a_file()])
    assert server.host_key.get_fingerprint() in refused.value.message
    assert (server.logins, names_on(server)) == ([], [])


def test_a_server_that_nobody_has_confirmed_gets_nothing(server: SftpServer) -> None:
    with pytest.raises(Refused, match="Nobody has confirmed the key"):
        send(delivery(), channel_to(server, host_key=""), [a_file()])
    assert server.logins == []


@pytest.mark.parametrize("login", ["password", "key"])
def test_a_wrong_login_is_refused_in_words(server: SftpServer, login: str) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    secrets = {"password": "wrong"} if login == "password" else {"private_key": other}
    with pytest.raises(Refused, match="does not let the user finance in") as refused:
        send(delivery(), channel_to(server, login=login, secrets=secrets), [a_file()])
    assert "wrong" not in refused.value.message
    assert len(server.logins) == 1


def test_a_line_that_breaks_in_the_middle_leaves_no_file(server: SftpServer) -> None:
    server.drop_after = 200_000
    with pytest.raises(Unreachable, match="could not be reached or broke off"):
        send(delivery(), channel_to(server), [a_file(content=os.urandom(900_000))])
    assert not any(not one.startswith(".") for one in names_on(server))
    server.drop_after = None
    send(delivery(tries=2), channel_to(server), [a_file(content=b"whole")])
    assert (server.root / "in" / "overdue.xlsx").read_bytes() == b"whole"


def test_a_full_disk_is_said_and_leaves_nothing(server: SftpServer) -> None:
    server.full_after = 100_000
    with pytest.raises(Unreachable, match=r"is not whole\. Is its disk full"):
        send(delivery(), channel_to(server), [a_file(content=os.urandom(400_000))])
    assert names_on(server) == []


def test_a_server_that_loses_bytes_is_found_out(server: SftpServer) -> None:
    server.loses_bytes = True
    with pytest.raises(Unreachable, match="the file is not whole"):
        send(delivery(), channel_to(server), [a_file(content=b"x" * 1_000)])
    assert names_on(server) == []


def test_a_server_that_does_not_answer_is_given_up(server: SftpServer) -> None:
    server.slow.set()
    with pytest.raises(Unreachable, match="time-out"):
        send(delivery(), channel_to(server), [a_file(content=b"x" * 100)], step_seconds=0.5)
    assert "overdue.xlsx" not in names_on(server)


def test_a_server_that_is_not_there_is_tried_again(server: SftpServer) -> None:
    with pytest.raises(Unreachable, match="could not be reached"):
        send(delivery(), channel_to(server, port=own_port()), [a_file()])


def test_the_file_of_another_task_is_not_replaced(server: SftpServer) -> None:
    there = server.root / "in" / "overdue.xlsx"
    there.write_text("theirs")
    asked: list[str] = []

    def whose(place: str) -> str:
        asked.append(place)
        return "Sales"

    with pytest.raises(Refused, match="“Sales” has put it there"):
        send(delivery(), channel_to(server), [a_file(content=b"newer")], whose=whose)
    assert there.read_text() == "theirs"
    assert names_on(server) == ["overdue.xlsx"]
    there.unlink()
    told = send(delivery(), channel_to(server), [a_file(content=b"newer")], whose=whose)
    assert asked == ["127.0.0.1:/in/overdue.xlsx"]
    assert asked[0] in told


def test_a_file_of_the_same_name_is_replaced_numbered_or_kept(server: SftpServer) -> None:
    there = server.root / "in" / "overdue.xlsx"
    there.write_text("older")
    send(delivery(), channel_to(server, existing="number"), [a_file(content=b"second")])
    send(delivery(tries=2), channel_to(server, existing="number"), [a_file(content=b"second")])
    assert names_on(server) == ["overdue (2).xlsx", "overdue.xlsx"]
    with pytest.raises(Refused, match="is there already"):
        send(delivery(tries=2), channel_to(server, existing="refuse"), [a_file()])
    assert there.read_text() == "older"
    send(delivery(), channel_to(server), [a_file(content=b"newer")])
    assert there.read_text() == "newer"
    assert names_on(server) == ["overdue (2).xlsx", "overdue.xlsx"]


@pytest.mark.parametrize("what", ["link", "folder", "pipe"])
def test_what_is_no_file_is_never_written_to(server: SftpServer, what: str) -> None:
    there, outside = server.root / "in" / "overdue.xlsx", server.root / "outside"
    outside.write_text("mine")
    if what == "link":
        there.symlink_to(outside)
    elif what == "folder":
        there.mkdir()
    else:
        os.mkfifo(there)
    with pytest.raises(Refused, match="is there already"):
        send(delivery(), channel_to(server), [a_file()])
    with pytest.raises(Refused, match="is there already"):
        send(delivery(tries=2), channel_to(server, existing="refuse"), [a_file()])
    assert outside.read_text() == "mine"
    assert names_on(server) == ["overdue.xlsx"]


def test_a_folder_that_is_not_there_is_refused(server: SftpServer) -> None:
    with pytest.raises(Refused, match=r"There is no folder “/out” on 127\.0\.0\.1"):
        send(delivery(), channel_to(server, folder="/out"), [a_file()])


def test_a_server_without_atomic_renames_still_gets_whole_files(server: SftpServer) -> None:
    server.has_posix_rename = False
    (server.root / "in" / "overdue.xlsx").write_text("older")
    send(delivery(), channel_to(server), [a_file(content=b"newer")])
    assert (server.root / "in" / "overdue.xlsx").read_bytes() == b"newer"
    assert names_on(server) == ["overdue.xlsx"]


def test_the_test_of_a_channel_leaves_nothing_behind(server: SftpServer) -> None:
    assert try_out(channel_to(server)) == "127.0.0.1:/in"
    assert names_on(server) == []


def test_no_message_and_no_log_holds_the_password(
    server: SftpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    send(delivery(), channel_to(server), [a_file()])
    assert PASSWORD not in caplog.text
    assert PASSWORD not in str(channel_to(server).settings)


def test_a_large_file_is_the_same_there(server: SftpServer) -> None:
    content = os.urandom(10_000_000)
    send(delivery(), channel_to(server), [a_file("large.parquet", content)])
    there = (server.root / "in" / "large.parquet").read_bytes()
    assert hashlib.sha256(there).digest() == hashlib.sha256(content).digest()
