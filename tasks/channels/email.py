"""A delivery by mail: one letter with the run's files, over SMTP."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote

from tasks.channels.contents import chunks_of
from tasks.channels.email_account import Account, account_of
from tasks.channels.email_letter import POLICY, Enclosed, Heading, content_of, mail_of
from tasks.channels.email_words import LINK, STOP, TOO_LARGE, below, below_html, said
from tasks.channels.errors import Refused, Unreachable
from tasks.channels.parcel import Parcel
from tasks.channels.smtp import TIMEOUT_SECONDS, Refusals, SmtpLine
from tasks.clock import utcnow
from tasks.errors import Invalid, mark
from tasks.links import link_for
from tasks.models import Artifact, Channel
from tasks.recipients import refusal_of
from tasks.settings import settings

__all__ = ["TIMEOUT_SECONDS", "EmailLine", "greet", "plain_letter", "post", "writing"]

WENT_AS_LINK = mark(
    "The files went as a link: with them the mail would have been larger than {most} MB."
)
MEGABYTE = 1_000_000
ENCODED = 78 / 57
"""Bytes on the line for one of a file: 76 letters and a line's end for each 57."""
FILES, NOTHING = "files", "none"


class EmailLine:
    """Sends mails over one account; None for the installation's own."""

    def __init__(self, channel: Channel | None) -> None:
        with writing():
            self._account = account_of(channel)
        self._line = SmtpLine(self._account)
        self._written: tuple[object, bytes] = (None, b"")
        """The content written last, and what it was written of: most recipients get the same."""

    def send(self, parcel: Parcel, *, check: Callable[[], None]) -> str:
        """Send the mail to the recipient of the delivery; see `Line`."""
        with writing():
            content, told = self._content(parcel)
            mail = mail_of(self._account, _heading(parcel), content)
        self._line.post(mail, [parcel.delivery.recipient], check=check)
        return told

    def cut(self) -> None:
        self._line.cut()

    def close(self) -> None:
        self._line.close()

    def _content(self, parcel: Parcel) -> tuple[bytes, str]:
        """Return the content, and in words why the files are not in it though they should be."""
        wanted = parcel.delivery.target.get("attach", FILES) if parcel.files else NOTHING
        most = self._account.max_megabytes * MEGABYTE
        if wanted == FILES and sum(one.bytes for one in parcel.files) * ENCODED <= most:
            content = self._whole(parcel)
            if len(content) <= most:
                return content, ""
        if wanted == NOTHING:
            return self._whole(parcel, files=False), ""
        sentences = TOO_LARGE if wanted == FILES else LINK
        told = WENT_AS_LINK.format(most=self._account.max_megabytes) if wanted == FILES else ""
        link = link_for(parcel.delivery.id, now=utcnow())
        sentence = said(sentences, _language(parcel), link=link)
        return self._whole(parcel, sentence, link, files=False), told

    def _whole(
        self, parcel: Parcel, sentence: str = "", link: str = "", *, files: bool = True
    ) -> bytes:
        text, html = parcel.delivery.body, parcel.delivery.html
        if sentence:
            text, html = below(text, sentence), below_html(html, sentence, link)
        text, html = _with_stop_link(parcel, text, html)
        enclosed = parcel.files if files else ()
        pictures = [one for one in parcel.pictures if _is_shown(one, html)]
        made_of = (text, html, [one.id for one in enclosed], [one.id for one in pictures])
        if self._written[0] != made_of:
            content = content_of(
                text, html, pictures=map(_read, pictures), files=map(_read, enclosed)
            )
            self._written = (made_of, content)
        return self._written[1]


@contextmanager
def writing() -> Iterator[None]:
    """Raise Refused where a letter cannot be written, Unreachable where its files cannot be read.

    An address may be none, or a share may be away.
    """
    try:
        yield
    except Invalid as error:
        raise Refused("The mail could not be written ({why}).", why=error.message) from error
    except (ValueError, AttributeError, MessageError) as error:
        raise Refused("The mail could not be written ({why}).", why=str(error)) from error
    except OSError as error:
        raise Unreachable("The files could not be read ({why}).", why=str(error)) from error


def post(letter: EmailMessage, recipients: Sequence[str]) -> Refusals:
    """Hand a letter over to the installation's mail server; returns whom it did not take, and why.

    Raises Refused, Unreachable or Uncertain where nobody gets it.
    """
    with closing(SmtpLine(_own_account())) as line:
        return line.post(letter.as_bytes(), recipients)


def greet(account: Account | None = None) -> None:
    """Open the mail server as for a letter, and close it; raises Unreachable.

    Without an account it is the installation's own.
    """
    with closing(SmtpLine(account or _own_account())) as line:
        line.greet()


def plain_letter(
    recipients: Sequence[str], *, subject: str, text: str, message_id: str
) -> EmailMessage:
    """Write a letter of plain text in the name of the installation."""
    account = account_of(None)
    letter = EmailMessage(policy=POLICY)
    letter["From"] = Address(account.from_name, addr_spec=account.from_address)
    letter["To"] = [Address(addr_spec=recipient) for recipient in recipients]
    letter["Subject"] = subject
    letter["Date"] = format_datetime(utcnow())
    letter["Message-ID"] = message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return letter


def _own_account() -> Account:
    try:
        return account_of(None)
    except ValueError as error:
        raise Unreachable(
            "The mail server cannot be reached: {setting} is no address of one.",
            setting=f"{settings().model_config['env_prefix']}SMTP_URL",
        ) from error


def _heading(parcel: Parcel) -> Heading:
    delivery, target = parcel.delivery, parcel.delivery.target
    return Heading(
        to=_who_gets_it(parcel, target.get("to", ())) or [delivery.recipient],
        cc=_who_gets_it(parcel, target.get("cc", ())),
        subject=delivery.subject,
        message_id=delivery.message_id,
        reply_to=target.get("reply_to", ""),
        stop_url=parcel.stop_url,
    )


def _who_gets_it(parcel: Parcel, named: Sequence[str]) -> list[str]:
    return [one for one in named if one.lower() not in parcel.stopped and not refusal_of(one)]


def _with_stop_link(parcel: Parcel, text: str, html: str) -> tuple[str, str]:
    if not (parcel.stop_url and parcel.delivery.target.get("stop_link")):
        return text, html
    sentence = said(STOP, _language(parcel), title=parcel.title, link=parcel.stop_url)
    return below(text, sentence), below_html(html, sentence, parcel.stop_url)


def _language(parcel: Parcel) -> str:
    return str(parcel.delivery.target.get("language") or settings().language)


def _is_shown(picture: Artifact, html: str) -> bool:
    return f"cid:{picture.name}" in html or f"cid:{quote(picture.name)}" in html


def _read(artifact: Artifact) -> Enclosed:
    return Enclosed(artifact.name, artifact.media_type, b"".join(chunks_of(artifact)))
