"""`orchestrator show`: one run."""

import click

from tasks.cli.command import RUN_NUMBER, Command, json_option
from tasks.cli.history import print_run
from tasks.db import reading
from tasks.queries.whole_run import whole_run


@click.command("show", cls=Command)
@click.argument("run", type=RUN_NUMBER)
@json_option
def cli(run: int, as_json: bool) -> None:
    """Show one run."""
    with reading() as session:
        whole = whole_run(session, run)
    print_run(whole, as_json=as_json)
