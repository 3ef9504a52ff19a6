"""A real SFTP server, in a thread with a loop of its own, that can be told to misbehave."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

USER, PASSWORD = "finance", "Secret-2026"


@dataclass
class SftpServer:
    """The server and its faults; `drop_after` and `full_after` count bytes of one file."""

    root: Path
    host_key: asyncssh.SSHKey
    user_key: asyncssh.SSHKey
    port: int = 0
    logins: list[str] = field(default_factory=list)
    """What was tried, right or wrong."""
    drop_after: int | None = None
    full_after: int | None = None
    loses_bytes: bool = False
    slow: threading.Event = field(default_factory=threading.Event)
    """While it is set, nothing that is written is answered."""
    has_posix_rename: bool = True
    refusal: bytes | None = None
    """What it says instead of giving a file its name; in whatever letters."""
    opened: list[Any] = field(default_factory=list)
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    @property
    def pinned(self) -> str:
        """The key of the server as a channel keeps it."""
        kind, key, *_ = self.host_key.export_public_key().decode().split()
        return f"{kind} {key}"

    @property
    def private_key(self) -> str:
        """The key of the user that is let in, as OpenSSH writes it."""
        return self.user_key.export_private_key().decode()


class _Login(asyncssh.SSHServer):
    def __init__(self, told: SftpServer) -> None:
        self._told = told

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._told.connections.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._told.logins.append(password)
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        self._told.logins.append(key.export_public_key().decode())
        return username == USER and key == self._told.user_key.convert_to_public()


class _Refusal(asyncssh.SFTPFailure):
    """A refusal in words that need not be UTF-8, as the protocol would have them."""

    def __init__(self, said: bytes) -> None:
        super().__init__("refused")
        self._said = said

    def encode(self, version: int) -> bytes:
        """Write the code of a failure, the words, and an empty language."""
        del version
        length = len(self._said).to_bytes(4)
        return (4).to_bytes(4) + length + self._said + bytes(4)


class _Files(asyncssh.SFTPServer):
    def __init__(self, channel: "asyncssh.SSHServerChannel[bytes]", told: SftpServer) -> None:
        self._told = told
        super().__init__(channel, chroot=str(told.root).encode())

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        self._told.opened.append(super().open(path, pflags, attrs))
        return self._told.opened[-1]

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        told, end = self._told, offset + len(data)
        while told.slow.is_set():
            await asyncio.sleep(0.05)
        if told.drop_after is not None and end > told.drop_after:
            self.channel.get_connection().abort()
        if told.full_after is not None and end > told.full_after:
            raise asyncssh.SFTPFailure("No space left on device")
        kept = data[:-1] if told.loses_bytes else data
        written = super().write(file_obj, offset, kept)
        assert isinstance(written, int)
        return len(data)

    def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if not self._told.has_posix_rename:
            raise asyncssh.SFTPOpUnsupported("no such extension")
        if self._told.refusal is not None:
            raise _Refusal(self._told.refusal)
        super().posix_rename(oldpath, newpath)


@contextmanager
def sftp_server(root: Path, *, key: str = "ssh-ed25519") -> Iterator[SftpServer]:
    """Run a server over the folder; yields it once it listens."""
    made = asyncssh.generate_private_key
    told = SftpServer(root, made(key), made("ssh-ed25519"))
    listening, over = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(told, listening, over)))
    thread.start()
    assert listening.wait(20)
    try:
        yield told
    finally:
        told.slow.clear()
        over.set()
        thread.join(20)


async def _serve(told: SftpServer, listening: threading.Event, over: threading.Event) -> None:
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: _Login(told),
        server_host_keys=[told.host_key],
        sftp_factory=lambda channel: _Files(channel, told),
    )
    told.port = server.get_port()
    listening.set()
    while not over.is_set():
        await asyncio.sleep(0.02)
    server.close()
    for one in told.connections:
        one.abort()
        await one.wait_closed()
    for file in told.opened:
        file.close()
    await server.wait_closed()
