"""A mail server in a process of its own, which keeps each mail as a file: `mail_sink PORT FOLDER`.

Both sides of a benchmark send to it, so neither shares its processor with the server's Python.
"""

import itertools
import signal
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Keeps what comes, numbered."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._numbers = folder, itertools.count()

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.original_content or b""
        (self._folder / f"{next(self._numbers):06}.eml").write_bytes(content)
        return "250 OK"


def main(port: int, folder: str) -> None:
    """Serve until the process is told to end."""
    controller = Controller(Sink(Path(folder)), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
