"""`orchestrator run`: promise a run, and wait for it where that is wanted."""

import getpass
import os
import time

import click

from tasks.cli.command import Command, json_option
from tasks.cli.history import print_run
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import Invalid
from tasks.models import Run, RunState, Trigger
from tasks.queries.by_name import task_named
from tasks.queries.whole_run import WholeRun, whole_run
from tasks.reports.parameters import check_plain, definitions_of
from tasks.runs.dispatch import tell
from tasks.runs.promise import promise

LONGEST_WAIT = 3600.0
PATIENCE = 10.0
"""Seconds in the queue after which the person is told what to look at."""


@click.command("run", cls=Command)
@click.argument("task")
@click.option("-p", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter.")
@click.option("--wait", is_flag=True, help="Wait until the run and its deliveries have ended.")
@click.option(
    "--timeout", default=LONGEST_WAIT, type=click.FloatRange(min=0), help="Seconds to wait at most."
)
@json_option
def cli(task: str, pairs: tuple[str, ...], wait: bool, timeout: float, as_json: bool) -> None:
    """Run a task.

    Exits 1 where the run ended in anything but succeeded or a delivery failed.
    """
    run = promise_run(task, parameters_of(pairs))
    tell(run)
    whole = wait_for(run.id, timeout) if wait else _look(run.id)
    print_run(whole, as_json=as_json)
    if wait:
        raise SystemExit(0 if whole.is_good else 1)


def parameters_of(pairs: tuple[str, ...]) -> dict[str, object]:
    """Return the parameters of `name=value` pairs; raises Invalid for anything else."""
    parameters: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise Invalid("“{pair}” is not a parameter: write it as name=value.", pair=pair)
        if name in parameters:
            raise Invalid("The parameter “{name}” is given twice.", name=name)
        parameters[name] = value
    return parameters


def promise_run(slug: str, parameters: dict[str, object]) -> Run:
    """Promise a run in the name of who is logged in to this machine."""
    with transaction() as session:
        task = task_named(session, slug)
        check_plain(definitions_of(task.parameters), parameters)
        return promise(
            session,
            task,
            trigger=Trigger.PERSON,
            triggered_by=person(),
            parameters=parameters,
            now=utcnow(),
        )


def person() -> str:
    """Return the login name on this machine; a container may run as somebody without one."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def wait_for(run_id: int, timeout: float) -> WholeRun:
    """Wait until the run and its deliveries are final, or until the time is over."""
    started = time.monotonic()
    told = False
    while not (whole := _look(run_id)).is_over:
        waited = time.monotonic() - started
        if waited > timeout:
            click.echo(
                f"orchestrator: run {run_id} has not ended after {timeout:.0f} s; it goes on. "
                f"See `orchestrator show {run_id}`.",
                err=True,
            )
            break
        if waited > PATIENCE and not told and whole.run.state is RunState.QUEUED:
            told = True
            reason = whole.run.reason or "is a worker running?"
            click.echo(f"orchestrator: run {run_id} still waits: {reason}", err=True)
        time.sleep(min(0.1 + waited / 50, 2))
    return whole


def _look(run_id: int) -> WholeRun:
    with reading() as session:
        return whole_run(session, run_id)
