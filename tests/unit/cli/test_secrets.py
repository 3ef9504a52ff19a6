"""`orchestrator secrets`: a new key, and everything encrypted anew with it."""

import pytest
from sqlalchemy import select

from tasks.channels.settings_secret import secrets_of
from tasks.db import reading, transaction
from tasks.encryption import decrypt, encrypt, new_key
from tasks.kinds import ChannelKind
from tasks.models import Channel, Source
from tasks.settings import settings
from tests.support.channels import a_channel, saved
from tests.support.factories import a_source
from tests.unit.cli.conftest import Call


@pytest.fixture
def passwords(orchestrator: Call) -> dict[str, str]:
    """Two sources with a password each, and one without; returns the passwords."""
    given = {"first": "First-2026", "second": "Second-2026"}
    for slug in (*given, "demo"):
        a_source(slug=slug)
    with transaction() as session:
        for source in session.scalars(select(Source).where(Source.slug.in_(given))):
            source.password_encrypted = encrypt(given[source.slug])
    return given


def kept() -> dict[str, str | None]:
    with reading() as session:
        return {one.slug: one.password_encrypted for one in session.scalars(select(Source))}


def use(monkeypatch: pytest.MonkeyPatch, *keys: str) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ENCRYPTION_KEYS", ",".join(keys))
    settings.cache_clear()


def test_secrets_of_channels_are_encrypted_anew_too(
    orchestrator: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = new_key(), new_key()
    use(monkeypatch, first)
    room = a_channel(ChannelKind.TEAMS, "room", secrets={"url": "https://example.com/S3CRET"})
    saved(room)
    use(monkeypatch, second, first)
    told = orchestrator("secrets", "rotate").stdout
    assert told == "Passwords encrypted anew with the first key: 1.\n"
    use(monkeypatch, second)
    with reading() as session:
        found = secrets_of(session.scalars(select(Channel)).one())
    assert found == {"url": "https://example.com/S3CRET"}


def test_a_new_key_can_be_used_at_once(orchestrator: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    key = orchestrator("secrets", "key").stdout.strip()
    assert orchestrator("secrets", "key").stdout.strip() != key
    use(monkeypatch, key)
    assert decrypt(encrypt("Secret-2026")) == "Secret-2026"


def test_after_a_rotation_the_old_key_is_needed_no_more(
    orchestrator: Call, passwords: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, [old] = new_key(), settings().all_encryption_keys
    use(monkeypatch, new, old)
    result = orchestrator("secrets", "rotate")
    assert result.stdout == "Passwords encrypted anew with the first key: 2.\n"
    use(monkeypatch, new)
    assert {slug: decrypt(one) for slug, one in kept().items() if one} == passwords
    assert kept()["demo"] is None


def test_where_one_password_fits_no_key_none_is_changed(
    orchestrator: Call, passwords: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, [old] = new_key(), settings().all_encryption_keys
    use(monkeypatch, new)
    with transaction() as session:
        first = session.scalars(select(Source).where(Source.slug == "first")).one()
        first.password_encrypted = encrypt(passwords["first"])
    before = kept()
    result = orchestrator("secrets", "rotate")
    assert result.exit_code == 2
    assert "fits none of the keys" in result.stderr
    assert not any(secret in result.output for secret in (new, old, *passwords.values()))
    assert kept() == before
