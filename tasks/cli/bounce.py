"""`orchestrator bounce`: take a report that a mail came back."""

from typing import BinaryIO

import click

from tasks.cli.command import Command
from tasks.db import transaction
from tasks.deliveries.bounces import bounce_of, note_bounce

MOST_BYTES = 10_000_000


@click.command("bounce", cls=Command)
@click.argument("report", type=click.File("rb"), default="-")
def cli(report: BinaryIO) -> None:
    """Take a report that a mail came back.

    It is read from a file or a pipe: let the mail server hand on what comes to the address that
    mails are sent from.
    Exits 2 where the mail is no such report, or is about no mail of this installation.
    """
    bounce = bounce_of(report.read(MOST_BYTES))
    with transaction() as session:
        delivery = note_bounce(session, bounce)
    click.echo(f"Delivery {delivery.id} to {delivery.recipient} failed: {delivery.error}")
