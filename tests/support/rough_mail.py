"""A mail server on a bad day: it drops lines, says “not now”, and knows one address that is none.

It confirms only what it keeps, so `kept` says who got how many mails.
"""

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class Day:
    """How bad the day is, and what came of it; all counts begin at 1."""

    unknown_is: int = 100
    """The address that it is asked for as the so manieth is refused for good."""
    drops_every: int = 50
    """Each so many lines are dropped before a word."""
    not_now_every: int = 20
    """To each so many letters it says 451."""
    letters_a_line: int = 4
    """After so many letters it hangs up in the middle of the next one's address."""
    lines: int = 0
    letters: int = 0
    kept: Counter[str] = field(default_factory=Counter)
    asked_for: dict[str, None] = field(default_factory=dict)
    unknown: str | None = None
    content: dict[str, EmailMessage] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begins_badly(self) -> bool:
        with self.lock:
            self.lines += 1
            return self.lines % self.drops_every == 0

    def knows(self, recipient: str) -> bool:
        with self.lock:
            self.asked_for[recipient] = None
            if len(self.asked_for) == self.unknown_is and self.unknown is None:
                self.unknown = recipient
            return recipient != self.unknown

    def take(self, recipient: str, letter: bytes) -> str:
        with self.lock:
            self.letters += 1
            if self.letters % self.not_now_every == 0:
                return "451 4.7.1 come back later"
            self.kept[recipient] += 1
            self.content[recipient] = message_from_bytes(letter, policy=default)
            return "250 OK"


class RoughServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 50

    def __init__(self, day: Day) -> None:
        super().__init__(("127.0.0.1", 0), RoughTalk)
        self.day = day


class RoughTalk(socketserver.StreamRequestHandler):
    """One line."""

    server: RoughServer

    def handle(self) -> None:
        day, taken, recipient = self.server.day, 0, ""
        if day.begins_badly():
            return
        self._say("220 here")
        while command := self.rfile.readline().strip().decode():
            word = command.upper()
            if word == "QUIT":
                self._say("221 bye")
                return
            if word.startswith("MAIL") and taken == day.letters_a_line:
                return
            if word.startswith("RCPT"):
                recipient = command.partition("<")[2].partition(">")[0]
                self._say("250 OK" if day.knows(recipient) else "550 5.1.1 no such person")
            elif word == "DATA":
                self._say("354 go on")
                self._say(day.take(recipient, self._letter()))
                taken += 1
            else:
                self._say("250 OK")

    def _letter(self) -> bytes:
        return b"".join(iter(self.rfile.readline, b".\r\n"))

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def rough_mail_server(day: Day) -> Iterator[str]:
    """Run a server for the length of the block; yields its URL."""
    with RoughServer(day) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
