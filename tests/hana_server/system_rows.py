"""The rows of the system views that change from moment to moment."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.hana_server.live import Rows
from tests.hana_server.rights import User

if TYPE_CHECKING:
    from tests.hana_server.session import Session

_WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE ANY", "DROP", "ALTER")


def rows(view: str, session: "Session", schemas: Iterable[str]) -> Rows | None:
    """The rows of a view as this session may see them; None for one that DuckDB answers."""
    everybody = session.user.may_write
    seen = [other for other in session.shared.sessions() if everybody or other.user == session.user]
    users = [u for u in session.shared.users.all() if everybody or u == session.user]
    match view:
        case "M_CONNECTIONS":
            return [_connection(other, session) for other in seen]
        case "M_SESSION_CONTEXT":
            return [(o.number, k, v) for o in seen for k, v in sorted(o.variables.items())]
        case "M_TRANSACTIONS":
            return [_transaction(other) for other in seen]
        case "EXPLAIN_PLAN_TABLE":
            return list(session.explained)
        case "USERS":
            return [(user.name, "FALSE") for user in users]
        case "GRANTED_PRIVILEGES":
            return [_granted(user, *right) for user in users for right in _rights(user, schemas)]
        case "EFFECTIVE_PRIVILEGES":
            return [
                (user.name, *_granted(user, *right))
                for user in users
                for right in _rights(user, schemas)
            ]
    return None


def _connection(other: "Session", own: "Session") -> tuple[object, ...]:
    return (
        other.number,
        other.user.name,
        "RUNNING" if other.stoppable.is_at_work else "IDLE",
        other.schema,
        other.client_pid,
        "TRUE" if other.autocommit else "FALSE",
        other.started_at.replace(tzinfo=None),
        "TRUE" if other is own else "FALSE",
    )


def _transaction(other: "Session") -> tuple[object, ...]:
    return (
        other.number,
        "ACTIVE" if other.transaction.is_writing else "INACTIVE",
        "USER TRANSACTION",
        other.transaction.isolation,
        "READ ONLY" if other.transaction.is_read_only else "READ WRITE",
    )


def _rights(user: User, schemas: Iterable[str]) -> Rows:
    """What a user may do: kind of object, schema and right."""
    for schema in sorted(schemas if user.schemas is None else user.schemas):
        yield "SCHEMA", schema, "SELECT"
        for right in _WRITES if user.may_write else ():
            yield "SCHEMA", schema, right
    if user.may_write:
        yield "SYSTEMPRIVILEGE", None, "CATALOG READ"


def _granted(user: User, kind: object, schema: object, right: object) -> tuple[object, ...]:
    return (user.name, "USER", kind, schema, None, right, "FALSE", "TRUE")
