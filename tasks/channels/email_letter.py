"""A mail as bytes: its headers, and below them the text, its pictures and the files.

What stands below is the same for many recipients, so it is written once for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from tasks.channels.email_account import Account
from tasks.clock import utcnow


class Policy(EmailPolicy):
    """How our letters are written: what stands in a header stays on its line."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Take a header as it is meant, word for word; raises ValueError for one of two lines.

        The standard library would read “=?utf-8?q?=0D=0ABcc:…?=” as a text in disguise, and write
        what is in it as a header of its own.
        """
        if isinstance(value, str):
            value = " ".join(value.splitlines()).replace("=?", "= ?")
        kept = super().header_store_parse(name, value)
        if len(str(kept[1]).splitlines()) > 1:
            raise ValueError(f"the header {name} would have more than one line")
        return kept


POLICY = Policy(linesep="\r\n", cte_type="7bit")
"""Not every server takes letters of eight bits, so ours are always written in seven."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file in a mail, or a picture that its text shows."""

    name: str
    media_type: str
    content: bytes

    @property
    def kinds(self) -> tuple[str, str]:
        """Return both halves of the media type."""
        kind, _, subkind = self.media_type.partition(";")[0].strip().partition("/")
        return kind or "application", subkind or "octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands above a mail's text; whoever gets it unseen stands nowhere."""

    to: Sequence[str]
    cc: Sequence[str] = ()
    subject: str
    message_id: str
    reply_to: str = ""
    stop_url: str = ""
    """Where whoever gets it stops these mails with one click (RFC 8058)."""


def mail_of(account: Account, heading: Heading, content: bytes) -> bytes:
    """Return the whole mail."""
    return _headers(account, heading) + content


def content_of(
    text: str,
    html: str = "",
    *,
    pictures: Iterable[Enclosed] = (),
    files: Iterable[Enclosed] = (),
) -> bytes:
    """Return what stands below the headers, with those that say how to read it."""
    letter = EmailMessage(policy=POLICY)
    letter.set_content(text)
    if html:
        letter.add_alternative(html, subtype="html")
        _show(letter, pictures)
    for file in files:
        kind, subkind = file.kinds
        letter.add_attachment(file.content, maintype=kind, subtype=subkind, filename=file.name)
    return letter.as_bytes()


def _show(letter: EmailMessage, pictures: Iterable[Enclosed]) -> None:
    shown = letter.get_body(("html",))
    if not isinstance(shown, EmailMessage):
        return
    for picture in pictures:
        kind, subkind = picture.kinds
        shown.add_related(
            picture.content,
            maintype=kind,
            subtype=subkind,
            cid=f"<{picture.name}>",
            filename=picture.name,
            disposition="inline",
        )


def _headers(account: Account, heading: Heading) -> bytes:
    letter = EmailMessage(policy=POLICY)
    letter["From"] = Address(account.from_name, addr_spec=account.from_address)
    letter["To"] = [Address(addr_spec=one) for one in heading.to]
    if heading.cc:
        letter["Cc"] = [Address(addr_spec=one) for one in heading.cc]
    if reply_to := heading.reply_to or account.reply_to:
        letter["Reply-To"] = Address(addr_spec=reply_to)
    letter["Subject"] = heading.subject
    letter["Date"] = format_datetime(utcnow())
    letter["Message-ID"] = heading.message_id
    letter["Auto-Submitted"] = "auto-generated"
    above = letter.as_bytes().removesuffix(b"\r\n")
    return above + (_stopping(heading.stop_url) if heading.stop_url else b"")


def _stopping(url: str) -> bytes:
    """Return the headers of RFC 8058, unfolded: to fold an address would break it."""
    return (
        f"List-Unsubscribe: <{url}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    ).encode("ascii")
