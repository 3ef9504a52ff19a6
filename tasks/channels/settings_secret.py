"""The secrets of a channel: kept as one encrypted text, read only where it is used."""

import json
from collections.abc import Mapping, Sequence

from tasks.channels.email_settings import EmailSettings
from tasks.channels.errors import Refused
from tasks.channels.settings import SftpSettings, SshLogin
from tasks.encryption import decrypt, encrypt
from tasks.errors import Invalid
from tasks.http.target import Target
from tasks.kinds import ChannelKind
from tasks.models import Channel

NAMES: Mapping[ChannelKind, Sequence[str]] = {
    ChannelKind.EMAIL: ("password",),
    ChannelKind.FOLDER: (),
    ChannelKind.SFTP: ("password", "private_key"),
    ChannelKind.WEBHOOK: ("url", "signing_key"),
    ChannelKind.TEAMS: ("url",),
    ChannelKind.SLACK: ("url",),
}
"""What a person types, by kind."""
LONGEST = {"private_key": 20_000, "url": 2_000}
LONGEST_PASSWORD, SHORTEST_SIGNING_KEY = 500, 16


def encrypted(kind: ChannelKind, secrets: Mapping[str, str]) -> str | None:
    """Return the secrets as the row keeps them; None where there is none.

    A mail account keeps its password alone, as it is.
    """
    given = {name: text for name, text in secrets.items() if text and name in NAMES[kind]}
    if not given:
        return None
    return encrypt(given["password"] if kind is ChannelKind.EMAIL else json.dumps(given))


def secrets_of(channel: Channel) -> dict[str, str]:
    """Return the secrets by name; raises Refused where no key fits them."""
    if channel.secret_encrypted is None:
        return {}
    try:
        text = decrypt(channel.secret_encrypted)
    except Invalid as error:
        raise Refused(error.template, **error.values) from error
    if channel.kind is ChannelKind.EMAIL:
        return {"password": text}
    found: dict[str, str] = json.loads(text)
    return found


def needed(kind: ChannelKind, settings: object) -> Sequence[str]:
    """Return which secrets a channel of this kind has, as it is set."""
    if isinstance(settings, SftpSettings):
        return ("private_key",) if settings.login is SshLogin.KEY else ("password",)
    if isinstance(settings, EmailSettings):
        return ("password",) if settings.user else ()
    return NAMES[kind]


def check_secrets(given: Mapping[str, str]) -> None:
    """Raise Invalid, with the field, for a secret that cannot be one."""
    for name, text in given.items():
        most = LONGEST.get(name, LONGEST_PASSWORD)
        if len(text) > most:
            raise Invalid(
                "This is too long: at most {max_length} characters.", field=name, max_length=most
            )
    if "url" in given:
        check_address(given["url"])
    if len(given.get("signing_key", "x" * SHORTEST_SIGNING_KEY)) < SHORTEST_SIGNING_KEY:
        raise Invalid(
            "Give at least {least} characters that nobody can guess.",
            field="signing_key",
            least=SHORTEST_SIGNING_KEY,
        )
    if "private_key" in given:
        from tasks.channels.sftp_line import private_key  # paramiko weighs 10 MB

        private_key(given["private_key"])


def check_address(url: str) -> Target:
    """Return the parts of the address; raises Invalid unless it is https.

    A host of the own network that the installation allows may be asked without TLS.
    """
    target = Target.of(url)
    if target.scheme != "https" and not target.is_allowed:
        raise Invalid(
            "Write an address that begins with https://. Only a host that is named in "
            "ORCHESTRATOR_HTTP_ALLOWED_HOSTS may be called without TLS.",
            field="url",
        )
    return target
