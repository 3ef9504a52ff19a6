"""What a test tells the server: a line of JSON for each order, and a line back for each."""

import json
from collections.abc import Callable, Iterable
from typing import Any, TextIO

from tests.hana_server.rights import User
from tests.hana_server.server import Server
from tests.hana_server.shared import Shared

Answer = dict[str, Any]


class Channel:
    """Takes orders until the other end closes."""

    def __init__(self, shared: Shared, server: Server) -> None:
        self._shared, self._server = shared, server
        self._orders: dict[str, Callable[..., Answer]] = {
            "break_off": self._break_off,
            "deafen": self._deafen,
            "fault": self._fault,
            "hear": self._hear,
            "methods": self._methods,
            "reset": self._reset,
            "run": self._run,
            "status": self._status,
            "user": self._user,
        }

    def serve(self, lines: Iterable[str], answers: TextIO) -> None:
        """Obey line by line; an order that cannot be obeyed is answered with its error."""
        for line in lines:
            wanted = json.loads(line)
            try:
                answer = self._orders[wanted.pop("order")](**wanted)
            except Exception as error:  # noqa: BLE001 (told to the test, which raises it)
                answer = {"error": f"{type(error).__name__}: {error}"}
            print(json.dumps(answer), file=answers, flush=True)

    def _fault(self, **wanted: Any) -> Answer:
        self._shared.faults.add(wanted)
        return {}

    def _reset(self) -> Answer:
        self._shared.faults.clear()
        self._server.hear()
        self._server.break_off()
        self._shared.users.reset()
        self._shared.store.reset()
        self._shared.reset_methods()
        self._shared.ledger.clear()
        return {}

    def _run(self, sql: str) -> Answer:
        self._shared.store.run(sql)
        return {}

    def _user(self, name: str, password: str, **rights: Any) -> Answer:
        schemas = rights.pop("schemas", None)
        allowed = None if schemas is None else frozenset(schemas)
        self._shared.users.add(User(name, password, schemas=allowed, **rights))
        return {}

    def _status(self) -> Answer:
        return {
            **self._shared.ledger.told(),
            "open": self._server.open_connections(),
            "sessions": len(self._shared.sessions()),
        }

    def _methods(self, names: list[str]) -> Answer:
        self._shared.methods = tuple(name.encode() for name in names)
        return {}

    def _break_off(self) -> Answer:
        self._server.break_off()
        return {}

    def _deafen(self) -> Answer:
        self._server.deafen()
        return {}

    def _hear(self) -> Answer:
        self._server.hear()
        return {}
