"""Open results: rows are fetched from DuckDB as the client asks for them."""

from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from tests.hana_server.codes import LOBS, PartKind
from tests.hana_server.encoders import Encoder, encoded, encoder
from tests.hana_server.errors import translated
from tests.hana_server.faults import Fault
from tests.hana_server.framing import Part
from tests.hana_server.lobs import Outgoing
from tests.hana_server.transaction import Rows
from tests.hana_server.types import HanaType

_LAST, _FIRST, _NONE, _CLOSED = 1, 4, 8, 0x10


class OpenResult:
    """The rows of one query that the client has not seen yet."""

    def __init__(
        self,
        types: Sequence[HanaType],
        source: Rows,
        large: Outgoing,
        *,
        fault: Fault | None = None,
    ) -> None:
        self.source = source
        self.is_done = False
        self._encoders = [_encoder(kind, large) for kind in types]
        self._fault = fault
        self._sent = 0

    def rows(self, most: int, *, meet: Callable[[Fault], None]) -> Part:
        """At most so many rows; a fault set at a row strikes as soon as that row is due."""
        if fault := self._fault:
            if self._sent >= fault.row - 1:
                self._fault = None
                meet(fault)
            else:
                most = min(most, fault.row - 1 - self._sent)
        rows = self._fetch(most)
        first = _FIRST if self._sent == 0 else 0
        self._sent += len(rows)
        self.is_done = len(rows) < most
        ending = _LAST | _CLOSED if self.is_done else (0 if first else 2)
        body = encoded(zip(*rows, strict=True), self._encoders) if rows else b""
        nothing = _NONE if not rows else 0
        return Part(PartKind.RESULT_SET, body, len(rows), first | ending | nothing)

    def _fetch(self, most: int) -> list[tuple[Any, ...]]:
        try:
            return self.source.fetchmany(most)
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            raise translated(error) from error


def _encoder(kind: HanaType, large: Outgoing) -> Encoder:
    return large.encoder(kind.code) if kind.code in LOBS else encoder(kind)
