"""Settings come from the environment, from files of secrets and from the running stack."""

import json
from pathlib import Path

import pytest

from tasks.errors import Invalid
from tasks.settings import settings


def test_the_environment_comes_before_a_file_and_a_file_before_the_stack(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "stack.json").write_text(
        json.dumps({"broker_url": "redis://stack", "mail_from": "stack@x", "timezone": "UTC"})
    )
    secret = home / "broker"
    secret.write_text("redis://file\n")
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL_FILE", str(secret))
    monkeypatch.setenv("ORCHESTRATOR_MAIL_FROM", "environment@x")
    settings.cache_clear()
    found = settings()
    assert (found.broker_url, found.mail_from, found.timezone) == (
        "redis://file",
        "environment@x",
        "UTC",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIMEZONE", "Mars/Olympus"),
        ("LEASE_SECONDS", "0"),
        ("LANGUAGE", "de"),
        ("LOG_LEVEL", "x"),
        ("TRIGGER_TOKEN", "short"),
        ("ALERT_MAIL", "ops@example.com, nobody"),
        ("ARTIFACTS_URL", "https://example.com/files"),
        ("ARTIFACTS_URL", "s3://KEY:SECRET@files"),
        ("RECIPIENT_DOMAINS", "example.com, *.*"),
    ],
)
def test_a_setting_that_cannot_be_taken_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ORCHESTRATOR_{name}", value)
    settings.cache_clear()
    with pytest.raises(Invalid, match=f"ORCHESTRATOR_{name}: (?!Value error)"):
        settings()


def test_a_file_of_a_secret_that_is_not_there_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_SECRET_KEY_FILE", str(home / "nothing"))
    settings.cache_clear()
    with pytest.raises(Invalid, match="ORCHESTRATOR_SECRET_KEY_FILE: the file cannot be read"):
        settings()


def test_secrets_do_not_show_when_the_settings_are_printed(home: Path) -> None:
    assert "a key for tests" not in repr(settings())
