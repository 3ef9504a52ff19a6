"""Ports of this machine: free ones, and the sentence about a taken one."""

import socket

from tasks.errors import Conflict

LOCAL = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether this port of the loopback address can be listened on now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCAL, port))
            probe.listen()
        except OSError:
            return False
    return True


def free_port(*, besides: int | None = None) -> int:
    """Return a port that is free now, and is not the one given."""
    while True:
        with socket.socket() as probe:
            probe.bind((LOCAL, 0))
            port: int = probe.getsockname()[1]
        if port != besides:
            return port


def require_free(port: int) -> None:
    """Raise Conflict with what to do where something else listens on the port."""
    if not is_free(port):
        raise Conflict(
            "Port {port} is taken by another program. Stop that one, or choose another port: "
            "orchestrator up --port {other}.",
            port=port,
            other=port + 1 if is_free(port + 1) else free_port(),
        )
