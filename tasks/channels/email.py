"""A delivery by mail: one letter with the run's files, over SMTP."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.clock import utcnow
from tasks.models import Artifact, Delivery
from tasks.runs.files import artifact_path
from tasks.settings import settings

TIMEOUT_SECONDS = 20


def send(delivery: Delivery, artifacts: Sequence[Artifact]) -> None:
    """Send the delivery's letter with the files; raises Refused, Unreachable or Uncertain."""
    with writing():
        letter = compose(delivery, artifacts)
    post(letter, [delivery.recipient])


@contextmanager
def writing() -> Iterator[None]:
    """Raise Refused where a letter cannot be written: an address is none, or a file is gone."""
    try:
        yield
    except (ValueError, AttributeError, MessageError, OSError) as error:
        raise Refused("The mail could not be written ({why}).", why=str(error)) from error


def post(letter: EmailMessage, recipients: Sequence[str]) -> dict[str, Refused | Unreachable]:
    """Hand a letter over to the mail server; returns which recipients it did not take, and why.

    Raises Refused, Unreachable or Uncertain where nobody gets it.
    """
    sender = parseaddr(settings().mail_from)[1]
    try:
        with closing(_connect()) as server:
            _expect(server.mail(sender))
            refused = _address(server, recipients)
            _hand_over(server, letter)
            # It has the mail: however it says good-bye, the mail is delivered.
            with suppress(smtplib.SMTPException):
                server.quit()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise Unreachable(
            "The mail server could not be reached or broke off ({why}).", why=str(error)
        ) from error
    return refused


def greet() -> None:
    """Open the mail server as for a letter, and close it; raises Unreachable."""
    try:
        with closing(_connect()) as server:
            server.quit()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise Unreachable("The mail server cannot be reached ({why}).", why=str(error)) from error


def compose(delivery: Delivery, artifacts: Sequence[Artifact]) -> EmailMessage:
    """Write the letter: subject, text, and each file as an attachment."""
    letter = plain_letter(
        [delivery.recipient],
        subject=delivery.subject,
        text=delivery.body,
        message_id=delivery.message_id,
    )
    for artifact in artifacts:
        kind, _, subkind = artifact.media_type.partition("/")
        letter.add_attachment(
            artifact_path(artifact).read_bytes(),
            maintype=kind,
            subtype=subkind.partition(";")[0],
            filename=artifact.name,
        )
    return letter


def plain_letter(
    recipients: Sequence[str], *, subject: str, text: str, message_id: str
) -> EmailMessage:
    """Write a letter of plain text."""
    letter = EmailMessage(policy=SMTP)
    name, address = parseaddr(settings().mail_from)
    letter["From"] = Address(name, addr_spec=address)
    letter["To"] = [Address(addr_spec=recipient) for recipient in recipients]
    letter["Subject"] = subject
    letter["Date"] = format_datetime(utcnow())
    letter["Message-ID"] = message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return letter


def _connect() -> smtplib.SMTP:
    """Open the server of SMTP_URL: smtp://user:password@host:port?starttls=1, or smtps://."""
    url = urlsplit(settings().smtp_url.get_secret_value())
    host = url.hostname or "127.0.0.1"
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, url.port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT_SECONDS)
    if "1" in parse_qs(url.query).get("starttls", []):
        server.starttls(context=ssl.create_default_context())
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    else:
        server.ehlo_or_helo_if_needed()
    return server


def _address(server: smtplib.SMTP, recipients: Sequence[str]) -> dict[str, Refused | Unreachable]:
    """Name the recipients; returns those who were not taken, and raises where all were not."""
    refused: dict[str, Refused | Unreachable] = {}
    for recipient in recipients:
        try:
            _expect(server.rcpt(recipient))
        except (Refused, Unreachable) as error:
            refused[recipient] = error
    if len(refused) == len(recipients):
        raise max(refused.values(), key=lambda error: isinstance(error, Unreachable))
    return refused


def _hand_over(server: smtplib.SMTP, letter: EmailMessage) -> None:
    try:
        answer = server.data(letter.as_bytes())
    except smtplib.SMTPDataError as error:
        _expect((error.smtp_code, error.smtp_error))
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        raise Uncertain(
            "The line to the mail server broke while the mail was handed over, "
            "so it may have arrived."
        ) from error
    else:
        _expect(answer)


def _expect(answer: tuple[int, bytes | str]) -> None:
    """Let a positive answer pass; a 4xx may be tried again, a 5xx may not."""
    code, text = answer
    if code < 400:
        return
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = Unreachable if code < 500 else Refused
    raise kind("The mail server answered {code}: {told}", code=code, told=told)
