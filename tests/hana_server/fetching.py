"""The results that a client reads, and the faults that wait at their rows."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.hana_server import metadata, replies
from tests.hana_server.codes import Function, PartKind
from tests.hana_server.errors import HanaError
from tests.hana_server.faults import Fault, Moment
from tests.hana_server.framing import Part, Reply
from tests.hana_server.projection import projected
from tests.hana_server.results import OpenResult
from tests.hana_server.session import Session
from tests.hana_server.statements import Plan

FIRST_ROWS = 32
"""Rows that come with the answer to a query; the client asks for the rest."""


class Fetching:
    """One session's open results."""

    def __init__(self, session: Session, meet: Callable[[Fault], None]) -> None:
        self._session, self._meet = session, meet
        self._open: dict[int, OpenResult] = {}

    def query(self, sql: str, plan: Plan, values: Sequence[Any]) -> Reply:
        """Run a query and answer with its first rows."""
        faults, user = self._session.shared.faults, self._session.user.name
        fault = faults.lying_in_wait(Moment.ROW, sql=sql, user=user)
        types = [column.type for column in plan.columns]
        rows = self._session.transaction.read(projected(plan.statements[0], types), values)
        number = self._session.new_id()
        self._open[number] = OpenResult(types, rows, self._session.large, fault=fault)
        parts = [
            metadata.of_columns(plan.columns),
            replies.statement_context(),
            replies.number(PartKind.RESULT_SET_ID, number),
            self._rows(number, FIRST_ROWS),
        ]
        return Reply(Function.SELECT, parts)

    def more(self, number: int, most: int) -> Reply:
        """Answer with the next rows of a result."""
        return Reply(Function.FETCH, [self._rows(number, most)])

    def close(self, number: int) -> Reply:
        """Forget a result that the client does not read to its end."""
        if result := self._open.pop(number, None):
            result.source.close()
        return Reply(Function.CLOSE_CURSOR)

    def close_all(self) -> None:
        """Forget every result."""
        for number in list(self._open):
            self.close(number)

    def _rows(self, number: int, most: int) -> Part:
        result = self._open.get(number)
        if result is None:
            raise HanaError(2, "general error: unknown result set id")
        self._session.stoppable.on(result.source)
        part = result.rows(most, meet=self._strike)
        self._session.shared.ledger.count("rows", part.count)
        if result.is_done:
            self.close(number)
        return part

    def _strike(self, fault: Fault) -> None:
        if self._session.shared.faults.count(fault):
            self._meet(fault)
