"""What a session does with the orders that are for itself."""

from collections.abc import Callable

from tests.hana_server import explaining
from tests.hana_server.errors import HanaError, cancelled, no_privilege
from tests.hana_server.orders import Order
from tests.hana_server.session import Session


def obey(session: Session, order: Order) -> None:
    """Do what the order says; raises HanaError where it cannot be done."""
    _DEEDS[order.verb](session, *order.values)


def _schema(session: Session, name: str) -> None:
    if name not in session.shared.store.catalogue().schemas:
        raise HanaError(362, f"invalid schema name: {name}")
    session.schema = name


def _access(session: Session, mode: str) -> None:
    session.transaction.is_read_only = "ONLY" in mode.upper()


def _isolation(session: Session, level: str) -> None:
    session.transaction.isolation = " ".join(level.upper().split())


def _set(session: Session, name: str, value: str) -> None:
    session.variables[name] = value


def _unset(session: Session, name: str) -> None:
    session.variables.pop(name, None)


def _cancel(session: Session, number: str) -> None:
    _other(session, number).stoppable.stop(cancelled())
    session.shared.ledger.count("cancelled")


def _disconnect(session: Session, number: str) -> None:
    other = _other(session, number)
    other.stoppable.stop(cancelled())
    session.shared.break_off(other)


def _explain(session: Session, name: str, sql: str) -> None:
    plan = session.plan(sql)
    question = explaining.question(plan)
    answer = session.transaction.explain(question, explaining.examples(plan))
    session.explained += explaining.rows(name, answer)


def _forget_plan(session: Session, name: str) -> None:
    session.explained = [row for row in session.explained if row[0] != name]


def _other(session: Session, number: str) -> Session:
    """A session of one's own, or anybody's for whoever may write."""
    other = session.shared.session(int(number)) if number.isdigit() else None
    if other is None:
        raise HanaError(2, f"general error: no session has the id {number}")
    if other.user.name != session.user.name and not session.user.may_write:
        raise no_privilege()
    return other


_DEEDS: dict[str, Callable[..., None]] = {
    "schema": _schema,
    "access": _access,
    "isolation": _isolation,
    # There are no locks to wait for.
    "lock_wait": lambda _session, _milliseconds: None,
    "set": _set,
    "unset": _unset,
    "cancel": _cancel,
    "disconnect": _disconnect,
    "explain": _explain,
    "forget_plan": _forget_plan,
    "commit": lambda session: session.transaction.commit(),
    "rollback": lambda session: session.transaction.rollback(),
}
