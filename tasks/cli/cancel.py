"""`orchestrator cancel`: cancel a run that waits or is at work."""

import click

from tasks.cli.command import RUN_NUMBER, Command, json_option
from tasks.cli.history import print_run
from tasks.cli.run import person, wait_for
from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.models import RunState
from tasks.queries.whole_run import whole_run
from tasks.runs.transitions import request_cancel

LONGEST_WAIT = 60.0


@click.command("cancel", cls=Command)
@click.argument("run", type=RUN_NUMBER)
@click.option("--wait", is_flag=True, help="Wait until the run has ended.")
@click.option(
    "--timeout", default=LONGEST_WAIT, type=click.FloatRange(min=0), help="Seconds to wait at most."
)
@json_option
def cli(run: int, wait: bool, timeout: float, as_json: bool) -> None:
    """Cancel a run.

    One that waits is cancelled at once, one at work is asked to stop. Exits 2 where it has ended
    before, 1 where `--wait` saw it end in anything but cancelled.
    """
    with transaction() as session:
        request_cancel(session, run, actor=person(), now=utcnow())
    if wait:
        whole = wait_for(run, timeout)
    else:
        with reading() as session:
            whole = whole_run(session, run)
    print_run(whole, as_json=as_json)
    if wait and whole.run.state is not RunState.CANCELLED:
        raise SystemExit(1)
