"""Addresses are the same in small and capital letters, whatever language a database is made for."""

from sqlalchemy import literal, select
from sqlalchemy.dialects import postgresql

from tasks.db import reading, transaction
from tasks.lowered import lowered
from tasks.models import DeliveryState, RunState, Unsubscription
from tests.support.delivering import a_waiting, sent
from tests.support.factories import a_run


def test_a_database_made_for_turkish_is_not_asked_for_its_own_small_letters(database: str) -> None:
    """No PostgreSQL of the tests knows Turkish, so the statement itself is looked at."""
    asked = str(lowered(literal("INFO")).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert asked.endswith('COLLATE "C")')


def test_they_are_those_of_python(database: str) -> None:
    for address in ("INFO@Example.COM", "ınfo@x", "I-İ.Ş@x.tr", ""):
        with reading() as session:
            found = session.scalar(select(lowered(literal(address))))
        assert found == "".join(one.lower() if one.isascii() else one for one in address)


def test_who_asked_for_no_more_mails_gets_none_under_capital_letters(database: str) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    row = {"task_definition_id": run.task_definition_id, "address": "info@example.com"}
    with transaction() as session:
        session.add(Unsubscription(**row))
    assert sent(a_waiting(run, "INFO@Example.com")).state is DeliveryState.SUPPRESSED
