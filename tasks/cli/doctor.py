"""`orchestrator doctor`: each part checked, with what to do."""

from dataclasses import asdict

import click

from tasks.cli.command import Command, json_option
from tasks.cli.history import print_json
from tasks.clock import utcnow
from tasks.doctor import examine


@click.command("doctor", cls=Command)
@json_option
def cli(as_json: bool) -> None:
    """Check each part from this machine, and say what to do.

    Exits 1 where one of them is not well.
    """
    checks = examine(now=utcnow())
    if as_json:
        print_json([asdict(check) for check in checks])
    for check in checks if not as_json else ():
        click.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.check:12} {check.message}")
        if check.cure and not check.ok:
            click.echo(f"{'':19}{check.cure}")
    if not all(check.ok for check in checks):
        raise SystemExit(1)
