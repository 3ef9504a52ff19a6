"""One connection of one user: where it stands, and the statements it prepared."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from tasks.clock import utcnow
from tasks.demo.company import SCHEMA
from tests.hana_server import explaining, statements, system_rows
from tests.hana_server.live import Asked, Rows
from tests.hana_server.lobs import Outgoing
from tests.hana_server.reading import Context
from tests.hana_server.rights import User
from tests.hana_server.shared import Shared
from tests.hana_server.statements import Plan
from tests.hana_server.stopping import Stoppable
from tests.hana_server.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Prepared:
    """A statement that waits for its parameters."""

    sql: str
    plan: Plan


@dataclass
class Session:
    """What the server knows of a client that it let in."""

    number: int
    user: User
    shared: Shared
    client_pid: int = 0
    schema: str = SCHEMA
    variables: dict[str, str] = field(default_factory=dict)
    """What the client told of itself and set since: APPLICATION and its like."""
    autocommit: bool = True
    large: Outgoing = field(default_factory=Outgoing)
    stoppable: Stoppable = field(default_factory=Stoppable)
    started_at: datetime = field(default_factory=utcnow)
    prepared: dict[int, Prepared] = field(default_factory=dict)
    explained: list[explaining.Row] = field(default_factory=list)
    """The plans that the session asked for and did not forget."""
    _ids: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.transaction = Transaction(self.shared.store.connection(), self.stoppable)

    def close(self) -> None:
        """Give back what the session held; what it did not commit is lost."""
        self.transaction.close()

    def new_id(self) -> int:
        """A number for a statement or a result."""
        return next(self._ids)

    def plan(self, sql: str) -> Plan:
        """Make a statement ready for this session."""
        asked = Asked(self.user, self._values(), self.variables, self._system_rows)
        catalogue = self.shared.store.catalogue()
        return statements.plan(
            sql, Context(catalogue, self.schema, asked, self.transaction.describe)
        )

    def _values(self) -> dict[str, object]:
        return {
            "CURRENT_USER": self.user.name,
            "SESSION_USER": self.user.name,
            "CURRENT_SCHEMA": self.schema,
            "CURRENT_CONNECTION": self.number,
            "CURRENT_TRANSACTION_ISOLATION_LEVEL": self.transaction.isolation,
        }

    def _system_rows(self, view: str) -> Rows | None:
        return system_rows.rows(view, self, self.shared.store.catalogue().schemas)
