"""A mail account as it is used: the installation's own, or that of a channel."""

from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from tasks.channels.email_settings import USUAL_MOST_MEGABYTES, EmailSettings, Security
from tasks.encryption import decrypt
from tasks.models import Channel
from tasks.settings import settings


@dataclass(frozen=True, slots=True)
class Account:
    """Where mails are handed over, by whom, and in whose name."""

    host: str
    port: int
    security: Security
    from_address: str
    from_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    reply_to: str = ""
    max_megabytes: int = USUAL_MOST_MEGABYTES


def account_of(channel: Channel | None) -> Account:
    """Return the account of a channel, or the installation's own where there is none.

    Raises ValueError where its settings cannot be read, Invalid where no key fits its password.
    """
    return _own_account() if channel is None else _account(channel)


def _account(channel: Channel) -> Account:
    kept = EmailSettings.model_validate(channel.settings)
    return Account(
        host=kept.host,
        port=kept.port,
        security=kept.security,
        from_address=kept.from_address,
        from_name=kept.from_name,
        user=kept.user,
        password=decrypt(channel.secret_encrypted) if channel.secret_encrypted else "",
        reply_to=kept.reply_to,
        max_megabytes=kept.max_megabytes,
    )


def _own_account() -> Account:
    """Read SMTP_URL: smtp://user:password@host:port?starttls=1, or smtps://."""
    url = urlsplit(settings().smtp_url.get_secret_value())
    name, address = parseaddr(settings().mail_from)
    security = Security.TLS if url.scheme == "smtps" else Security.NONE
    if "1" in parse_qs(url.query).get("starttls", []):
        security = Security.STARTTLS
    return Account(
        host=url.hostname or "127.0.0.1",
        port=url.port or (465 if security is Security.TLS else 25),
        security=security,
        from_address=address,
        from_name=name,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
    )
