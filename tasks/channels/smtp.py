"""A line to a mail server, over which one mail goes after the other."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from tasks.channels.email_account import Account
from tasks.channels.email_settings import Security
from tasks.channels.errors import Away, Refused, Uncertain, Unreachable

TIMEOUT_SECONDS = 20
CONFIRMING_SECONDS = 60
"""For the answer to a whole mail: the server may look for viruses in it before it says yes."""
SLOWEST_BYTES_A_SECOND = 20_000
BROKEN = (smtplib.SMTPException, OSError, ValueError)
Refusals = dict[str, Refused | Unreachable]
Begun = Callable[[smtplib.SMTP], None]


class SmtpLine:
    """Opened with the first mail, kept for the next ones, and opened anew where it broke."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._server: smtplib.SMTP | None = None
        self._spoken_to: smtplib.SMTP | None = None
        """The server from its greeting on, which may drip for hours."""

    def greet(self) -> None:
        """Open the server and log in there; raises Away."""
        self._open()

    def post(
        self, content: bytes, recipients: Sequence[str], *, check: Callable[[], None] = lambda: None
    ) -> Refusals:
        """Hand a mail over; returns which recipients the server did not take, and why.

        `check` is called before the last byte, without which nobody gets anything: what it raises
        calls the mail off. Raises Refused, Unreachable or Uncertain where nobody gets it.
        """
        used = self._server is not None
        try:
            try:
                server, refused = self._begin(recipients)
            except smtplib.SMTPServerDisconnected:
                if not used:
                    raise
                self.drop()  # the server let go of a line that had rested; nothing was given yet
                server, refused = self._begin(recipients)
            _upload(server, content)
        except BROKEN as error:
            self.drop()
            raise Unreachable(
                "The mail server could not be reached or broke off ({why}).", why=_told(error)
            ) from error
        except (Refused, Unreachable):
            self._reset()
            raise
        try:
            check()
        except BaseException:
            self.drop()
            raise
        self._confirm(server)
        return refused

    def cut(self) -> None:
        """End a talk that takes too long, from another thread."""
        server = self._spoken_to
        if server is not None and server.sock is not None:
            with suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(server.sock, socket.SHUT_RDWR)

    def drop(self) -> None:
        """Close the line without a word."""
        server, self._server, self._spoken_to = self._server, None, None
        if server is not None:
            server.close()

    def close(self) -> None:
        """Say good-bye: the server has all mails, however it answers."""
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
        self.drop()

    def _open(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = connect(self._account, begun=self._remember)
            except BROKEN as error:
                raise Away(
                    "The mail server cannot be reached ({why}).", why=_told(error)
                ) from error
        return self._server

    def _remember(self, server: smtplib.SMTP) -> None:
        self._spoken_to = server

    def _begin(self, recipients: Sequence[str]) -> tuple[smtplib.SMTP, Refusals]:
        server = self._open()
        _expect(server.mail(self._account.from_address))
        refused: Refusals = {}
        for recipient in recipients:
            try:
                _expect(server.rcpt(recipient))
            except (Refused, Unreachable) as error:
                refused[recipient] = error
        if len(refused) == len(recipients):
            raise max(refused.values(), key=lambda error: isinstance(error, Unreachable))
        return server, refused

    def _confirm(self, server: smtplib.SMTP) -> None:
        """Send the end of the mail, from where on it may have arrived, and hear the answer."""
        try:
            _socket_of(server).settimeout(CONFIRMING_SECONDS)
            server.send(b".\r\n")
            answer = server.getreply()
            _socket_of(server).settimeout(TIMEOUT_SECONDS)
        except BROKEN as error:
            self.drop()
            raise Uncertain(
                "The line to the mail server broke while the mail was handed over, "
                "so it may have arrived."
            ) from error
        try:
            _expect(answer)
        except (Refused, Unreachable):
            self._reset()
            raise

    def _reset(self) -> None:
        """Make the line ready for the next mail after one that was not taken."""
        if self._server is None:
            return
        try:
            code, _ = self._server.rset()
        except BROKEN:
            code = 0
        if code != 250:
            self.drop()


class _Told(smtplib.SMTP):
    """Tells of itself before it waits for the greeting, so that it can be cut from then on."""

    def __init__(self, host: str, port: int, *, begun: Begun, **given: Any) -> None:
        self._begun = begun
        super().__init__(host, port, timeout=TIMEOUT_SECONDS, **given)

    def connect(
        self, host: str = "localhost", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        """Open the line, and wait for the greeting."""
        self._begun(self)
        return super().connect(host, port, source_address)


class _ToldOverTls(_Told, smtplib.SMTP_SSL):
    """The same, with TLS from the beginning."""


def connect(account: Account, *, begun: Begun) -> smtplib.SMTP:
    """Open the account's server and log in; `begun` is told of it before it has said a word."""
    host, port = account.host, account.port
    if account.security is Security.TLS:
        server: smtplib.SMTP = _ToldOverTls(
            host, port, begun=begun, context=ssl.create_default_context()
        )
    else:
        server = _Told(host, port, begun=begun)
    try:
        if account.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if account.user:
            server.login(account.user, account.password)
        else:
            server.ehlo_or_helo_if_needed()
    except BaseException:
        server.close()
        raise
    return server


def _upload(server: smtplib.SMTP, content: bytes) -> None:
    """Send the mail but for its end."""
    code, told = server.docmd("DATA")
    if code != 354:
        _expect((max(code, 400), told))
    line = _socket_of(server)
    # The end goes alone, and would else wait 40 ms for the server to confirm what came before.
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.settimeout(TIMEOUT_SECONDS + len(content) / SLOWEST_BYTES_A_SECOND)
    server.send(_dotted(content))
    line.settimeout(TIMEOUT_SECONDS)


def _socket_of(server: smtplib.SMTP) -> socket.socket:
    """Return the socket of a line; raises SMTPServerDisconnected where it was cut."""
    if server.sock is None:
        raise smtplib.SMTPServerDisconnected("the line was closed")
    return server.sock


def _dotted(content: bytes) -> bytes:
    """Return the mail as it goes over the line: a line that begins with a dot gets another one."""
    dotted = content.replace(b"\r\n.", b"\r\n..")
    if dotted.startswith(b"."):
        dotted = b"." + dotted
    return dotted if dotted.endswith(b"\r\n") else dotted + b"\r\n"


def _told(error: Exception) -> str:
    """Say what broke; a refused login without the bytes around it."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return f"{error.smtp_code} {text}"
    return str(error)


def _expect(answer: tuple[int, bytes | str]) -> None:
    """Let a positive answer pass; a 4xx may be tried again, a 5xx may not."""
    code, text = answer
    if 0 <= code < 400:
        return
    if code < 0:
        raise smtplib.SMTPServerDisconnected("the server hung up")
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    kind = Unreachable if code < 500 else Refused
    raise kind("The mail server answered {code}: {told}", code=code, told=told)
