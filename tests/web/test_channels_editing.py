"""Setting channels up: by administrators alone, and secrets go in and never come out."""

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tasks.channels.settings_secret import secrets_of
from tasks.db import reading
from tasks.kinds import ChannelKind
from tasks.models import Channel, Role
from tasks.settings import settings
from tests.support.channels import a_channel, saved
from tests.support.factories import a_task
from tests.web.conftest import Browser, LoginAs

SECRET = "Secret-2026"
URL = "https://hooks.example.com/services/S3CRET-PATH"
KEY = "a key that two programs share"
EMAIL: dict[str, Any] = {
    "kind": "email",
    "title": "Sales mail",
    "host": "smtp.example.com",
    "port": "587",
    "security": "starttls",
    "user": "sales",
    "secret_password": SECRET,
    "from_address": "sales@example.com",
    "max_megabytes": "20",
    "is_active": "on",
}
SFTP: dict[str, Any] = {
    "kind": "sftp",
    "title": "Bank",
    "host": "sftp.example.com",
    "port": "22",
    "user": "company",
    "login": "password",
    "secret_password": SECRET,
    "folder": "/in",
    "name": "{task}-{date}",
    "existing": "refuse",
    "is_active": "on",
}
WEBHOOK: dict[str, Any] = {
    "kind": "webhook",
    "title": "Data platform",
    "secret_url": URL,
    "secret_signing_key": KEY,
    "files": "on",
    "is_active": "on",
}


@pytest.fixture
def admin(login_as: LoginAs) -> Browser:
    return login_as(Role.ADMIN)


def add(admin: Browser, **sent: Any) -> Any:
    return admin.submit("/channels", page=f"/channels/new?kind={sent['kind']}", **sent)


def change(admin: Browser, slug: str, **sent: Any) -> Any:
    path = f"/channels/{slug}/edit"
    found = re.search(r'name="version" value="(\d+)"', admin.get(path).text)
    assert found is not None
    return admin.submit(path, version=found[1], **sent)


def the_channel() -> Channel:
    with reading() as session:
        return session.scalars(select(Channel)).one()


@pytest.mark.parametrize(
    ("sent", "slug", "secrets"),
    [
        (EMAIL, "sales-mail", {"password": SECRET}),
        (SFTP, "bank", {"password": SECRET}),
        (WEBHOOK, "data-platform", {"url": URL, "signing_key": KEY}),
        (
            {"kind": "teams", "title": "Room", "secret_url": URL, "link": "run"},
            "room",
            {"url": URL},
        ),
        (
            {"kind": "slack", "title": "Room", "secret_url": URL, "link": "files"},
            "room",
            {"url": URL},
        ),
    ],
)
def test_an_administrator_adds_a_channel_and_its_secret_is_never_shown(
    admin: Browser, sent: dict[str, Any], slug: str, secrets: dict[str, str]
) -> None:
    answer = add(admin, **sent)
    assert (answer.status_code, answer.location) == (303, f"/channels/{slug}")
    channel = the_channel()
    assert secrets_of(channel) == secrets
    pages = [admin.get(path).text for path in ("/channels", f"/channels/{slug}")]
    pages.append(admin.get(f"/channels/{slug}/edit").text)
    for hidden in (*secrets.values(), "S3CRET"):
        assert hidden not in str(channel.settings) + (channel.secret_encrypted or "")
        assert all(hidden not in page for page in pages)
    assert sent["title"] in pages[0]


def test_a_folder_has_to_lie_where_channels_may_write(
    admin: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = {"kind": "folder", "title": "Share", "folder": str(tmp_path / "share" / "in")}
    refused = add(admin, **folder, name="{name}", existing="replace")
    assert refused.status_code == 422
    assert "name those that may in ORCHESTRATOR_FOLDER_ROOTS" in refused.text
    monkeypatch.setenv("ORCHESTRATOR_FOLDER_ROOTS", str(tmp_path / "share"))
    settings.cache_clear()
    for outside in ("/etc", str(tmp_path), str(tmp_path / "share2"), "share", "../share", "/"):
        assert add(admin, **(folder | {"folder": outside})).status_code == 422
    dotted = f"{tmp_path}/share/../../etc"
    assert add(admin, **(folder | {"folder": dotted})).status_code == 422
    assert add(admin, **folder).status_code == 303
    assert the_channel().settings == {
        "folder": str(tmp_path / "share" / "in"),
        "name": "{name}",
        "existing": "replace",
    }


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (SFTP | {"secret_password": ""}, "Fill this in"),
        (SFTP | {"login": "key"}, "Fill this in"),
        (SFTP | {"login": "key", "secret_private_key": "nonsense"}, "This is no private key"),
        (SFTP | {"port": "99999"}, "too large"),
        (SFTP | {"name": "../{task}"}, "without slashes"),
        (SFTP | {"name": "{title}"}, "There is no placeholder {title}"),
        (SFTP | {"folder": "../up"}, "no “..” in it"),
        (SFTP | {"existing": "burn"}, "not one of the choices"),
        (SFTP | {"title": "  "}, "Give the channel a name"),
        (SFTP | {"slug": "Bank!"}, "small letters, digits and single dashes"),
        (SFTP | {"slug": "new"}, "is kept for the pages"),
        (WEBHOOK | {"secret_url": "http://hooks.example.com/"}, "begins with https://"),
        (WEBHOOK | {"secret_url": "https://a:b@example.com/"}, "into a header instead"),
        (WEBHOOK | {"secret_url": "file:///etc/passwd"}, "begins with https://"),
        (WEBHOOK | {"secret_url": ""}, "Fill this in"),
        (WEBHOOK | {"secret_signing_key": "short"}, "at least 16 characters"),
        (EMAIL | {"from_address": "sales"}, "is not a mail address"),
        (EMAIL | {"secret_password": ""}, "Fill this in"),
        (EMAIL | {"host": "smtp.example.com\r\nX: 1"}, "cannot be taken"),
    ],
)
def test_what_cannot_work_is_refused_beside_its_field(
    admin: Browser, sent: dict[str, Any], said: str
) -> None:
    answer = add(admin, **sent)
    assert answer.status_code == 422
    assert said in answer.text
    for hidden in (SECRET, "S3CRET", KEY):
        assert hidden not in answer.text
    with reading() as session:
        assert session.scalars(select(Channel)).all() == []


def test_a_short_name_belongs_to_one_channel(admin: Browser) -> None:
    assert add(admin, **SFTP).status_code == 303
    answer = add(admin, **SFTP)
    assert answer.status_code == 409
    assert "There is a channel “bank” already" in answer.text


def test_an_empty_secret_stays_and_another_server_wants_it_anew(admin: Browser) -> None:
    add(admin, **SFTP)
    kept = SFTP | {"secret_password": ""}
    assert change(admin, "bank", **(kept | {"title": "House bank"})).status_code == 303
    assert secrets_of(the_channel()) == {"password": SECRET}
    for moved in ({"host": "evil.example.com"}, {"port": "2222"}, {"user": "root"}):
        answer = change(admin, "bank", **(kept | moved))
        assert answer.status_code == 422
        assert "Type it again" in answer.text
    assert the_channel().settings["host"] == "sftp.example.com"
    assert change(admin, "bank", **(SFTP | {"host": "other.example.com"})).status_code == 303


def test_another_server_has_another_key(admin: Browser) -> None:
    channel = saved(
        a_channel(
            ChannelKind.SFTP,
            "bank",
            host="sftp.example.com",
            user="company",
            host_key="ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
            secrets={"password": SECRET},
        )
    )
    change(admin, "bank", **(SFTP | {"secret_password": "", "folder": "/out"}))
    assert the_channel().settings["host_key"] == channel.settings["host_key"]
    change(admin, "bank", **(SFTP | {"host": "other.example.com"}))
    assert the_channel().settings["host_key"] == ""


def test_who_is_slower_is_told(admin: Browser) -> None:
    add(admin, **WEBHOOK)
    sent = WEBHOOK | {"secret_url": "", "secret_signing_key": ""}
    assert change(admin, "data-platform", **sent).status_code == 303
    page = "/channels/data-platform/edit"
    answer = admin.submit(page, version="1", **sent)
    assert answer.status_code == 409
    assert "was changed by somebody else" in answer.text


def test_a_channel_that_a_task_uses_cannot_be_deleted(admin: Browser) -> None:
    add(admin, **SFTP)
    uses = [{"channel": "bank", "name": "", "part_files": False}]
    a_task(title="Payments", settings={"channels": uses})
    answer = admin.submit("/channels/bank", page="/channels/bank/edit", _method="DELETE")
    assert answer.status_code == 409
    assert "The channel “Bank” is used by Payments" in answer.text
    assert "Payments" in admin.get("/channels/bank").text


def test_an_account_that_a_task_sends_from_cannot_be_deleted(admin: Browser) -> None:
    add(admin, **EMAIL)
    a_task(title="Payments", settings={"mail": {"account": "sales-mail"}})
    page = "/channels/sales-mail/edit"
    assert admin.submit("/channels/sales-mail", page=page, _method="DELETE").status_code == 409


def test_a_channel_that_nothing_uses_is_deleted(admin: Browser) -> None:
    add(admin, **SFTP)
    a_task(title="About the bank", settings={"subject": 'the "bank"'})
    answer = admin.submit("/channels/bank", page="/channels/bank/edit", _method="DELETE")
    assert (answer.status_code, answer.location) == (303, "/channels")
    assert admin.get("/channels/bank").status_code == 404


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.EDITOR, Role.AUTHOR])
def test_only_administrators_see_and_change_channels(login_as: LoginAs, role: Role) -> None:
    saved(a_channel(ChannelKind.TEAMS, "room", secrets={"url": URL}))
    browser = login_as(role)
    for path in ("/channels", "/channels/new", "/channels/room", "/channels/room/edit"):
        assert browser.get(path).status_code == 403
    token = browser.token("/")
    posts = ("/channels", "/channels/room", "/channels/room/edit", "/channels/room/tests")
    for path in (*posts, "/channels/room/host-key"):
        answer = browser.post(path, data={"csrf_token": token, "_method": "DELETE"})
        assert answer.status_code == 403
    assert browser.delete("/channels/room", headers={"X-CSRFToken": token}).status_code == 403
    assert 'href="/channels"' not in browser.get("/").text
    assert the_channel().slug == "room"


def test_unknown_kinds_and_names_are_not_found(admin: Browser) -> None:
    assert admin.get("/channels/new?kind=fax").status_code == 404
    assert admin.get("/channels/none").status_code == 404
    for kind in ChannelKind:
        assert admin.get(f"/channels/new?kind={kind}").status_code == 200
    assert "Microsoft Teams" in admin.get("/channels/new").text


def test_what_is_offered_again_after_an_outage_holds_no_secret() -> None:
    from webui.channels.forms import SECRET as BEGINNING
    from webui.kept_input import SECRET as KEPT_BACK

    assert KEPT_BACK.search(f"{BEGINNING}url")
