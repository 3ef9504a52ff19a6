"""A mail server that answers each letter as the test says, or hangs up instead."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

HANG_UP = ""
"""Instead of an answer: the letter was taken, and the line is closed without a word."""
HOLD = "hold"
"""Instead of an answer: the letter was taken, and nothing is said until the line ends."""


class BadMailServer(socketserver.ThreadingTCPServer):
    """Takes letters; `answers` are given one after the other, then 250 to each."""

    daemon_threads = True

    def __init__(self, *answers: str) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.answers = list(answers)
        self.letters: list[EmailMessage] = []
        self.url = f"smtp://127.0.0.1:{self.server_address[1]}"

    def take(self, letter: bytes) -> str:
        """Keep the letter and return what is said to it."""
        self.letters.append(message_from_bytes(letter, policy=default))
        return self.answers.pop(0) if self.answers else "250 OK"


class Conversation(socketserver.StreamRequestHandler):
    """One connection: as much of SMTP as a client needs to hand a letter over."""

    server: BadMailServer

    def handle(self) -> None:
        self._say("220 here")
        while command := self.rfile.readline().strip().upper():
            if command == b"QUIT":
                self._say("221 bye")
                return
            if command != b"DATA":
                self._say("250 OK")
                continue
            self._say("354 go on")
            answer = self.server.take(self._letter())
            if answer == HOLD:
                self.rfile.read()
                return
            if answer == HANG_UP:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._say(answer)

    def _letter(self) -> bytes:
        return b"".join(iter(self.rfile.readline, b".\r\n"))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def bad_mail_server(*answers: str) -> Iterator[BadMailServer]:
    """Run a server for the length of the block."""
    with BadMailServer(*answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
