"""A proxy on the loopback that can lose what is sent through it, as a broken network does."""

import ctypes
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url

from tests.support.valkey import Valkey

SO_ATTACH_FILTER = 26
BPF_RETURN = 0x06

Target = tuple[str, int] | str
"""An address of TCP, or the path of a socket."""


class Line:
    """One connection through the proxy: two sockets, and whether what is sent still arrives."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self._ends = (client, server)
        self._lost = False

    def start(self) -> None:
        client, server = self._ends
        for source, sink in ((client, server), (server, client)):
            threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def lose(self) -> None:
        """From now on nothing arrives: no byte, no acknowledgement, not even that an end closed."""
        self._lost = True
        for end in self._ends:
            if end.family == socket.AF_INET:
                _drop_packets(end)

    def close(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while received := source.recv(65536):
                if not self._lost:
                    sink.sendall(received)
        if not self._lost:
            self.close()


class Proxy:
    """Listens on a port of its own and passes everything on to the target."""

    def __init__(self, target: Target) -> None:
        self.refused = 0
        """Connections that were turned away: the proxy was cut, or the target is not there."""
        self._target = target
        self._lines: list[Line] = []
        self._cut = self._losing = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def lose_what_is_open(self) -> None:
        """Make every open connection half-open; new ones work."""
        for line in self._lines:
            line.lose()

    def lose_everything(self) -> None:
        """The same, and new connections open but nothing arrives either."""
        self._losing = True
        self.lose_what_is_open()

    def cut(self) -> None:
        """Break every connection, and each new one at once."""
        self._cut = True
        for line in self._lines:
            line.close()

    def heal(self) -> None:
        """Let new connections work; one that lost something never recovers."""
        self._cut = self._losing = False

    def stop(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            line.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                self._connect(self._listener.accept()[0])

    def _connect(self, client: socket.socket) -> None:
        server = None if self._cut else _open(self._target)
        if server is None:
            self.refused += 1
            client.close()
            return
        line = Line(client, server)
        if self._losing:
            line.lose()
        self._lines.append(line)
        line.start()


def _drop_packets(end: socket.socket) -> None:
    """Let the kernel throw away what comes for this socket before TCP sees it, as a cut cable does.

    The filter is one instruction of BPF: keep 0 bytes of each packet. It needs no privilege.
    """
    keep_nothing = ctypes.create_string_buffer(struct.pack("HBBI", BPF_RETURN, 0, 0, 0))
    program = struct.pack("HP", 1, ctypes.addressof(keep_nothing))
    end.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)


def _open(target: Target) -> socket.socket | None:
    family = socket.AF_INET if isinstance(target, tuple) else socket.AF_UNIX
    server = socket.socket(family, socket.SOCK_STREAM)
    try:
        server.connect(target)
    except OSError:
        server.close()
        return None
    return server


@contextmanager
def before_broker(broker: Valkey) -> Iterator[tuple[Proxy, str]]:
    """Run a proxy before Valkey; yields it and the URL that leads through it."""
    proxy = Proxy(("127.0.0.1", broker.port))
    try:
        yield proxy, f"redis://127.0.0.1:{proxy.port}/0"
    finally:
        proxy.stop()


@contextmanager
def before_postgres(url: str) -> Iterator[tuple[Proxy, str]]:
    """Run a proxy before PostgreSQL; yields it and the URL that leads through it."""
    direct = make_url(url)
    folder = str(direct.query["host"])
    proxy = Proxy(f"{folder}/.s.PGSQL.{direct.port or 5432}")
    through = direct.set(host="127.0.0.1", port=proxy.port, query={})
    try:
        yield proxy, through.render_as_string(hide_password=False)
    finally:
        proxy.stop()
