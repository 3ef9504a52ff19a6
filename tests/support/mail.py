"""A real SMTP server that remembers what it was given and can be told to refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import own_port


class Mailbox:
    """What arrived; `answer` is what the server says to a letter."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        """To whom each of the letters went."""
        self.answer = "250 OK"
        self.port = 0
        self._sessions: list[Session] = []
        self.refused: dict[str, str] = {}
        """What the server says to some recipients."""

    @property
    def lines(self) -> int:
        """Connections over which at least one letter came."""
        return len(self._sessions)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if address not in self.refused:
            envelope.rcpt_tos.append(address)
        return self.refused.get(address, "250 OK")

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if session not in self._sessions:
            self._sessions.append(session)
        if self.answer.startswith("250"):
            content = envelope.content or b""
            data = content if isinstance(content, bytes) else content.encode()
            self.letters.append(message_from_bytes(data, policy=default))
            self.recipients.append(envelope.rcpt_tos)
        return self.answer


@contextmanager
def smtp_server() -> Iterator[tuple[str, Mailbox]]:
    """Run a server on a free port; yields its URL and its mailbox."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=own_port(), ready_timeout=60)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}", mailbox
    finally:
        controller.stop()
