"""The mail server of the embedded stack: it sends nothing and keeps each mail as a file."""

import asyncio
from logging import getLogger
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from tasks.stack.kept_mail import keep
from tasks.stack.ports import LOCAL

log = getLogger(__name__)

LARGEST_MAIL = 64 * 1024 * 1024
"""Bytes; well above the largest mail that the product sends."""


class Catcher:
    """Keeps each mail byte for byte, under a name that sorts by its arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Answer only when the mail is safely on the disk."""
        content = envelope.content
        if not isinstance(content, bytes):
            return "451 This server takes bytes only"
        try:
            path = await asyncio.to_thread(keep, self.folder, content)
        except OSError as error:
            log.error("mail not kept", extra={"why": error.strerror, "bytes": len(content)})
            return f"452 The mail cannot be kept: {error.strerror}"
        log.info("mail caught", extra={"file": path.name, "bytes": len(content)})
        return f"250 Kept as {path.name}"


async def serve(folder: Path, port: int) -> asyncio.Server:
    """Listen on a port of the loopback address."""
    folder.mkdir(mode=0o700, exist_ok=True)
    loop = asyncio.get_running_loop()
    catcher = Catcher(folder)

    def connection() -> SMTP:
        return SMTP(
            catcher,
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            hostname="localhost",  # the default looks our name up in the network
            ident="Task Orchestrator mail catcher",
            loop=loop,
        )

    return await loop.create_server(connection, LOCAL, port)
