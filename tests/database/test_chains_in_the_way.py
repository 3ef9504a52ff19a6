"""Whatever is wrong with what follows, the end of the run before it is kept."""

from pathlib import Path

import pytest
from sqlalchemy import select, text

from tasks import db
from tasks.db import reading, transaction
from tasks.errors import ErrorKind
from tasks.models import Run, RunState, Source, TaskDefinition
from tasks.runs.perform import perform
from tasks.runs.reaper import reap
from tests.support.chaining import chain, to
from tests.support.factories import a_run, a_source, a_task
from tests.support.rows import now

ENDS = {"success": RunState.SUCCEEDED, "failure": RunState.FAILED}
COMPANY = {"name": "firm", "type": "company"}


def a_first(on: str) -> TaskDefinition:
    """A task whose run ends so that its chain follows."""
    job = "log_cleanup" if on == "success" else "no-such-job"
    first = a_task("first", job=job)
    with transaction() as session:
        session.get_one(TaskDefinition, first.id).settings = {}
    return first


def performed(first: TaskDefinition) -> tuple[Run, list[Run]]:
    """The run after its attempt, and what follows it."""
    run = a_run(first)
    perform(run.id, worker="worker-1")
    return now(run), followers(run)


def followers(run: Run) -> list[Run]:
    with reading() as session:
        return list(session.scalars(select(Run).where(Run.cause_id == run.id).order_by(Run.id)))


def allow(source: Source, *companies: str) -> None:
    with transaction() as session:
        session.get_one(Source, source.id).companies = list(companies)


@pytest.fixture(params=ENDS)
def on(request: pytest.FixtureRequest) -> str:
    """The end that the chain waits for."""
    end: str = request.param
    return end


def test_a_company_that_is_no_longer_allowed_fails_the_next_run_and_not_this_one(
    database: str, home: Path, on: str
) -> None:
    source = a_source()
    allow(source, "TR", "DE")
    first, second, alarm = a_first(on), a_task("second", parameters=[COMPANY]), a_task("alarm")
    chain(first, to(second, on=on, parameters={"firm": {"value": "DE"}}))
    chain(second, to(alarm, on="failure"))
    allow(source, "TR")
    run, (then,) = performed(first)
    assert run.state is ENDS[on]
    assert (then.state, then.error_kind) == (RunState.FAILED, ErrorKind.PARAMETER)
    assert then.error == "firm: “DE” is not a company that this report may read."
    assert then.parameters == {"firm": "DE"}
    assert [one.task_definition_id for one in followers(then)] == [alarm.id]


def test_a_run_whose_worker_died_is_lost_although_its_next_task_may_not_read_its_company(
    database: str, home: Path
) -> None:
    source = a_source()
    allow(source, "TR", "DE")
    first = a_task("first", max_attempts=1)
    second = a_task("second", parameters=[COMPANY])
    chain(first, to(second, on="failure", parameters={"firm": {"value": "DE"}}))
    allow(source, "TR")
    run = a_run(first, state=RunState.RUNNING, lease_owner="worker-1")
    with db.engine().begin() as connection:
        connection.execute(text("UPDATE run SET lease_until = '2026-01-01 00:00:00.000000'"))
    assert reap() == 1
    assert now(run).state is RunState.LOST
    assert [one.state for one in followers(run)] == [RunState.FAILED]


SPOILT = {
    "parameters": "UPDATE task_definition SET parameters = '5' WHERE slug = 'second'",
    "chain": "UPDATE task_chain SET parameters = '[1]'",
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_what_nobody_thought_of_fails_the_next_run_and_not_this_one(
    database: str, home: Path, on: str, spoilt: str
) -> None:
    first, second, well = a_first(on), a_task("second"), a_task("well")
    chain(first, to(second, on=on), to(well, on=on))
    with db.engine().begin() as connection:
        connection.execute(text(SPOILT[spoilt]))
    run, (then, *others) = performed(first)
    assert run.state is ENDS[on]
    assert (then.state, then.error_kind) == (RunState.FAILED, ErrorKind.INTERNAL)
    assert then.error is not None
    assert then.error.startswith("“Second” could not be started after “First”.")
    assert len(others) == 1


def test_a_next_run_that_cannot_even_be_written_is_in_nobodys_way(
    database: str, home: Path, on: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, well = a_first(on), a_task("second"), a_task("well")
    chain(first, to(second, on=on), to(well, on=on))
    with db.engine().begin() as connection:
        connection.execute(text("UPDATE task_definition SET settings = '5' WHERE slug = 'second'"))
    run, then = performed(first)
    assert run.state is ENDS[on]
    assert [(one.task_definition_id, one.state) for one in then] == [(well.id, RunState.QUEUED)]
    assert "next run not promised" in caplog.messages


REFUSING = {
    "sqlite": [
        "CREATE TRIGGER refuse BEFORE INSERT ON run WHEN NEW.task_definition_id = {id} "
        "BEGIN SELECT RAISE(ABORT, 'refused'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON run FOR EACH ROW "
        "WHEN (NEW.task_definition_id = {id}) EXECUTE FUNCTION refuse()",
    ],
}


def test_a_next_run_whose_row_the_database_refuses_is_in_nobodys_way(
    database: str, home: Path, on: str
) -> None:
    first, second, well = a_first(on), a_task("second"), a_task("well")
    chain(first, to(second, on=on), to(well, on=on))
    with db.engine().begin() as connection:
        for statement in REFUSING[connection.dialect.name]:
            connection.execute(text(statement.format(id=second.id)))
    run, then = performed(first)
    assert run.state is ENDS[on]
    assert [one.task_definition_id for one in then] == [well.id]
