"""The test of a channel by a person, and the key of a server that a person confirms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.db import reading
from tasks.kinds import ChannelKind
from tasks.models import Channel, Role
from tasks.queries.channels import channel_named
from tasks.settings import settings
from tests.support.channels import a_channel, saved
from tests.support.sftp import PASSWORD, USER, SftpServer, sftp_server
from tests.support.web_server import web_server
from tests.web.conftest import Browser, LoginAs


@pytest.fixture
def admin(login_as: LoginAs) -> Browser:
    return login_as(Role.ADMIN)


@pytest.fixture
def server(home: Path, tmp_path: Path) -> Iterator[SftpServer]:
    with sftp_server(tmp_path) as running:
        yield running


def try_it(admin: Browser, slug: str, **headers: str) -> str:
    return admin.submit(f"/channels/{slug}/tests", page=f"/channels/{slug}", headers=headers).text


def the(slug: str) -> Channel:
    with reading() as session:
        return channel_named(session, slug)


def test_a_folder_says_where_it_was_written(
    admin: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share").mkdir()
    monkeypatch.setenv("ORCHESTRATOR_FOLDER_ROOTS", str(tmp_path))
    settings.cache_clear()
    saved(a_channel(ChannelKind.FOLDER, "share", folder=str(tmp_path / "share")))
    said = f"A small file was written to {tmp_path}/share and taken away again."
    assert said in try_it(admin, "share")
    assert list((tmp_path / "share").iterdir()) == []
    (tmp_path / "share").rmdir()
    assert "cannot be reached" in try_it(admin, "share")


def test_a_room_says_who_took_the_message(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", "localhost")
    settings.cache_clear()
    with web_server() as server:
        channel = a_channel(
            ChannelKind.SLACK,
            "room",
            secrets={"url": server.url("/S3CRET")},
            host="localhost",
            is_active=False,
        )
        saved(channel)
        assert "localhost has taken a message" in try_it(admin, "room")
        server.answer = lambda asked: asked.say(404, b"no_service")
        page = try_it(admin, "room")
    assert "answered 404: no_service" in page
    assert "S3CRET" not in page


def test_the_key_of_a_server_is_confirmed_before_anything_is_sent(
    admin: Browser, server: SftpServer
) -> None:
    saved(
        a_channel(
            ChannelKind.SFTP,
            "bank",
            host="127.0.0.1",
            port=server.port,
            user=USER,
            secrets={"password": PASSWORD},
        )
    )
    page = try_it(admin, "bank")
    assert "Compare the key of the server" in page
    assert server.host_key.get_fingerprint() in page
    assert server.logins == []
    answer = admin.submit("/channels/bank/host-key", page="/channels/bank", host_key=server.pinned)
    assert (answer.status_code, answer.location) == (303, "/channels/bank")
    assert the("bank").settings["host_key"] == server.pinned
    assert "was written to 127.0.0.1:. and taken away again" in try_it(admin, "bank")
    assert server.host_key.get_fingerprint() in admin.get("/channels/bank").text


def test_a_key_that_was_changed_is_shown_as_a_danger(admin: Browser, server: SftpServer) -> None:
    other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    saved(
        a_channel(
            ChannelKind.SFTP,
            "bank",
            host="127.0.0.1",
            port=server.port,
            user=USER,
            host_key=other,
            secrets={"password": PASSWORD},
        )
    )
    page = try_it(admin, "bank", **{"HX-Request": "true", "HX-Request-Type": "partial"})
    assert "shows another key than the one that was confirmed" in page
    assert "<html" not in page
    assert (server.logins, the("bank").settings["host_key"]) == ([], other)


@pytest.mark.parametrize("key", ["", "nonsense", "ssh-ed25519 !!!", "ssh-rsa AAAA", "a\nb c"])
def test_what_is_no_key_is_not_confirmed(admin: Browser, key: str) -> None:
    saved(
        a_channel(
            ChannelKind.SFTP, "bank", host="127.0.0.1", user=USER, secrets={"password": PASSWORD}
        )
    )
    admin.submit("/channels/bank/host-key", page="/channels/bank", host_key=key)
    assert the("bank").settings["host_key"] == ""


def test_only_a_server_over_ssh_has_a_key(admin: Browser) -> None:
    saved(a_channel(ChannelKind.TEAMS, "room", secrets={"url": "https://example.com/"}))
    answer = admin.submit("/channels/room/host-key", page="/channels/room", host_key="x")
    assert answer.status_code == 404


def test_loading_the_page_of_a_test_again_sends_nothing(admin: Browser) -> None:
    saved(a_channel(ChannelKind.TEAMS, "room", secrets={"url": "https://example.com/"}))
    assert admin.get("/channels/room/tests").location == "/channels/room"
