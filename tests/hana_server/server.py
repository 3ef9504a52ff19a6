"""The port: a thread for each client, on this machine's loopback only."""

import socket
import ssl
import threading
from contextlib import suppress

from tests.hana_server.connection import Connection
from tests.hana_server.shared import Shared

HOST = "127.0.0.1"
_GOING_SECONDS = 30


class Server:
    """Listens for clients; can be deaf for a while, as a HANA that is down."""

    def __init__(self, shared: Shared, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._shared, self._tls = shared, tls
        self._connections: set[Connection] = set()
        self._changed = threading.Condition()
        self._listener = self._listen(port)
        self.port: int = self._listener.getsockname()[1]

    def deafen(self) -> None:
        """Refuse every new client."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def hear(self) -> None:
        """Take clients again at the same port."""
        if self._listener.fileno() == -1:
            self._listener = self._listen(self.port)

    def break_off(self) -> None:
        """End every connection and what it has at work; returns when they are gone."""
        with self._changed:
            connections = set(self._connections)
        for connection in connections:
            connection.break_off()
        with self._changed:
            self._changed.wait_for(
                lambda: not connections & self._connections, timeout=_GOING_SECONDS
            )

    def open_connections(self) -> int:
        with self._changed:
            return len(self._connections)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server((HOST, port), backlog=128)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                plain, _address = listener.accept()
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        connection = Connection(plain, self._shared, self._tls)
        with self._changed:
            self._connections.add(connection)
        try:
            connection.serve()
        finally:
            with self._changed:
                self._connections.discard(connection)
                self._changed.notify_all()
