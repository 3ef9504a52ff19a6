"""`orchestrator runs`: the newest runs."""

import click
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tasks.cli.command import Command, json_option
from tasks.cli.history import print_json, run_json, run_line
from tasks.db import reading
from tasks.models import Run, RunState
from tasks.queries.by_name import task_named


@click.command("runs", cls=Command)
@click.option("--state", type=click.Choice([str(state) for state in RunState]))
@click.option("--task", help="The name of a task.")
@click.option("--limit", default=50, type=click.IntRange(1, 10_000), show_default=True)
@json_option
def cli(state: str | None, task: str | None, limit: int, as_json: bool) -> None:
    """List runs, the newest first."""
    with reading() as session:
        task_id = task_named(session, task).id if task else None
        runs = session.scalars(
            newest(state=RunState(state) if state else None, task_id=task_id).limit(limit)
        ).all()
    if as_json:
        print_json([run_json(run) for run in runs])
    for run in runs if not as_json else ():
        click.echo(run_line(run))


def newest(*, state: RunState | None, task_id: int | None) -> Select[Run]:
    """Select runs, the newest first, with what a line of them needs."""
    query = select(Run).options(joinedload(Run.task), joinedload(Run.schedule))
    if state is not None:
        query = query.where(Run.state == state)
    if task_id is not None:
        query = query.where(Run.task_definition_id == task_id)
    return query.order_by(Run.id.desc())
