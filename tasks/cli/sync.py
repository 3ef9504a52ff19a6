"""`orchestrator sync`: bring the schedules declared in code into the table."""

from dataclasses import asdict

import click

from tasks.cli.command import Command, json_option
from tasks.cli.history import print_json
from tasks.clock import utcnow
from tasks.errors import Invalid
from tasks.scheduling.sync import sync_with_code


@click.command("sync", cls=Command)
@json_option
def cli(as_json: bool) -> None:
    """Bring the schedules declared in code into the table.

    Nothing fires because of it.
    """
    done = sync_with_code(now=utcnow())
    if done is None:
        raise Invalid("Set ORCHESTRATOR_CODE_SCHEDULES to the module that declares the schedules.")
    if as_json:
        print_json(asdict(done))
        return
    for what, keys in asdict(done).items():
        if keys:
            click.echo(f"{what.replace('_', ' ')}: {', '.join(keys)}")
