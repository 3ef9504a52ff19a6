"""A server that speaks HANA's protocol, in a process of its own, and what a test may tell it.

It must never be a thread of the test: the client holds Python's lock while it reads large values.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.ports import own_port
from tests.support.probe import CHECKOUT

SCHEMA, OTHER_SCHEMA, SCRATCH = "SBODEMOTR", "SBODEMODE", "SCRATCH"
"""The demo company, a second company with other rows, and a schema that each test finds empty."""
READER = ("REPORTS", "Reports-2026")
"""May read the companies, and nothing else."""
OWNER = ("OWNER", "Owner-2026")
"""May write, too."""
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Status:
    """What the server saw since the test began."""

    counts: Mapping[str, int]
    """How many messages of each type (execute, fetch_next …), `rows`, `accepted`, `connected`."""
    statements: Sequence[Mapping[str, Any]]
    """See tests.hana_server.ledger.Seen."""
    open: int
    """Connections that are open now."""
    sessions: int
    """Clients that are logged in now."""


class Hana:
    """The server from outside; `port` is where it listens on this machine."""

    host = "127.0.0.1"

    def __init__(
        self,
        company: Path,
        *,
        schemas: Sequence[str] = (),
        tls: Sequence[Path] = (),
        folder: Path | None = None,
    ) -> None:
        arguments = ["--orders", "--company", str(company), "--port", str(own_port())]
        for schema in schemas:
            arguments += ["--schema", schema]
        for option, path in zip(("--certificate", "--key"), tls, strict=False):
            arguments += [option, str(path)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.hana_server", *arguments],
            cwd=CHECKOUT,
            env={**os.environ, "TMPDIR": str(folder)} if folder else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self._line())

    def connect(self, user: tuple[str, str] = READER, **options: Any) -> Any:
        """Connect as HANA's own client does; the limits on waiting are short."""
        from hdbcli import dbapi  # 6 MB that only these tests need

        name, password = user
        chosen = {
            "currentSchema": SCHEMA,
            "connectTimeout": 5_000,
            "communicationTimeout": 20_000,
            "reconnect": "false",
            **options,
        }
        return dbapi.connect(
            address=self.host, port=self.port, user=name, password=password, **chosen
        )

    def fault(self, moment: str, act: str, **more: Any) -> None:
        """Let something go wrong; see tests.hana_server.faults."""
        self._order("fault", moment=moment, act=act, **more)

    def user(self, name: str, password: str, **rights: Any) -> None:
        """Add a user: may_write, schemas, must_change_password."""
        self._order("user", name=name, password=password, **rights)

    def run(self, sql: str) -> None:
        """Run statements of DuckDB's own behind the server's back: many rows at once."""
        self._order("run", sql=sql)

    def offer(self, *methods: str) -> None:
        """Let the server know only these ways to log in."""
        self._order("methods", names=methods)

    def status(self) -> Status:
        """What the server has seen."""
        return Status(**self._order("status"))

    def deafen(self) -> None:
        """Refuse new connections, as a HANA that is down."""
        self._order("deafen")

    def hear(self) -> None:
        """Take connections again at the same port."""
        self._order("hear")

    def break_off(self) -> None:
        """End every connection."""
        self._order("break_off")

    def reset(self) -> None:
        """Let everything be as at the start, but for changes to the companies' rows."""
        self._order("reset")

    def stop(self) -> None:
        """End the server."""
        with self.process as server:
            assert server.stdin is not None
            server.stdin.close()
            server.wait(timeout=10)

    def _order(self, order: str, **values: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        print(json.dumps({"order": order, **values}), file=self.process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self._line())
        if "error" in answer:
            raise AssertionError(f"the HANA server could not obey {order}: {answer['error']}")
        return answer

    def _line(self) -> str:
        """One line of the server's; a test must not wait for ever for a server that hangs."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], _SECONDS)
        if not ready:
            raise AssertionError(f"the HANA server said nothing for {_SECONDS} s")
        return self.process.stdout.readline()
