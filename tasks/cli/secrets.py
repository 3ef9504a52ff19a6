"""`orchestrator secrets`: the keys that secrets are kept with."""

import click
from sqlalchemy import select

from tasks.cli.command import Group
from tasks.db import transaction
from tasks.encryption import new_key, rotate
from tasks.models import Channel, Source
from tasks.reports.workbooks.rotating import rotate_file_passwords


@click.group("secrets", cls=Group)
def cli() -> None:
    """Make and change the keys of what is kept encrypted."""


@cli.command("key")
def key() -> None:
    """Print a new key for ORCHESTRATOR_ENCRYPTION_KEYS."""
    click.echo(new_key())


@cli.command("rotate")
def rotate_all() -> None:
    """Encrypt every password anew with the first key: all of them, or none."""
    with transaction() as session:
        wanted = select(Source).where(Source.password_encrypted.is_not(None))
        sources = session.scalars(wanted.order_by(Source.id).with_for_update()).all()
        for source in sources:
            source.password_encrypted = rotate(source.password_encrypted or "")
        secret = select(Channel).where(Channel.secret_encrypted.is_not(None))
        channels = session.scalars(secret.order_by(Channel.id).with_for_update()).all()
        for channel in channels:
            channel.secret_encrypted = rotate(channel.secret_encrypted or "")
        files = rotate_file_passwords(session)
    count = len(sources) + len(channels) + files
    click.echo(f"Passwords encrypted anew with the first key: {count}.")
