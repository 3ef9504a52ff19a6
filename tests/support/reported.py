"""Real runs of a report over a table that changes between them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import select, update

from tasks.db import reading, transaction
from tasks.models import (
    Artifact,
    ArtifactRole,
    Delivery,
    DeliveryState,
    Run,
    RunResult,
    RunState,
    TaskDefinition,
)
from tasks.runs.perform import perform
from tests.support.factories import a_run, a_source, a_task

SQL = 'SELECT "CODE", "NAME", "BALANCE" FROM "T" ORDER BY "CODE", "NAME"'
CREATE = 'CREATE TABLE SBODEMOTR."T" ("CODE" INTEGER, "NAME" VARCHAR, "BALANCE" DECIMAL(19, 2))'

TableRow = tuple[object, object, object]
FIRST: list[TableRow] = [(1, "Ayşe", "10.00"), (2, "Bora", "20.00")]


def the_table(home: Path, rows: Sequence[TableRow], create: str = CREATE) -> None:
    """Let the table that the reports read hold these rows."""
    path = home / "demo.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as connection:
        connection.execute("CREATE SCHEMA SBODEMOTR")
        connection.execute(create)
        for row in rows:
            places = ", ".join("?" * len(row))
            connection.execute(f'INSERT INTO SBODEMOTR."T" VALUES ({places})', row)


def a_report(**settings: Any) -> TaskDefinition:
    """Save a report over the table, to one recipient."""
    a_source()
    given = {"sql": SQL, "formats": ["csv"], "recipients": ["ayse@example.com"]}
    return a_task(settings=given | settings)


def made(task: TaskDefinition, *, arrived: bool = True, **run: Any) -> Run:
    """Make a run of the task; its letters that were not kept back arrive, or are refused."""
    promised = a_run(task, **run)
    perform(promised.id, worker="worker-1")
    state = DeliveryState.DELIVERED if arrived else DeliveryState.FAILED
    with transaction() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.run_id == promised.id, Delivery.state == DeliveryState.QUEUED)
            .values(state=state),
            execution_options={"synchronize_session": False},
        )
    with reading() as session:
        ended = session.get_one(Run, promised.id)
    assert ended.state is RunState.SUCCEEDED, ended.error
    return ended


def failed(task: TaskDefinition, **run: Any) -> Run:
    """Make a run of the task, which fails."""
    promised = a_run(task, **run)
    perform(promised.id, worker="worker-1")
    with reading() as session:
        ended = session.get_one(Run, promised.id)
    assert ended.state is not RunState.SUCCEEDED
    return ended


def deliveries(run: Run) -> list[Delivery]:
    with reading() as session:
        found = select(Delivery).where(Delivery.run_id == run.id).order_by(Delivery.id)
        return list(session.scalars(found))


def files(run: Run, role: ArtifactRole = ArtifactRole.FILE) -> list[Artifact]:
    with reading() as session:
        found = select(Artifact).where(Artifact.run_id == run.id, Artifact.role == role)
        return list(session.scalars(found.order_by(Artifact.id)))


def result(run: Run) -> RunResult:
    with reading() as session:
        return session.scalars(select(RunResult).where(RunResult.run_id == run.id)).one()


def was_sent(run: Run) -> bool:
    """Whether the run planned to send; where not, its reason stands at each delivery."""
    found = deliveries(run)
    assert found
    kept_back = [one for one in found if one.state is DeliveryState.SUPPRESSED]
    assert all(one.reason == run.reason for one in kept_back)
    assert result(run).was_to_send is not bool(kept_back)
    return not kept_back
