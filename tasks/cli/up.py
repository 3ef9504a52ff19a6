"""`orchestrator up`: everything on this machine, with one command."""

import os
import time

import click

from tasks.cli.command import Command
from tasks.settings import settings
from tasks.stack.home import Stack, lock, make_home
from tasks.stack.ports import is_free, require_free
from tasks.stack.up import up

PATIENCE = 3.0
"""Seconds that a stack which was killed in this home has to let go of its port."""


@click.command("up", cls=Command)
@click.option("--port", default=8000, type=click.IntRange(1, 65535), show_default=True)
@click.option("--no-demo", is_flag=True, help="Start without the demo company.")
def cli(port: int, no_demo: bool) -> None:
    """Start everything on this machine.

    Broker, database, a mail server that sends nothing, worker, beat, pages and a demo company.
    Ctrl-C stops all of it.
    """
    os.umask(0o077)  # mails, reports and logs are for the owner of the home folder alone
    home = settings().home_dir
    make_home(home)
    lock(home)
    if (home / "stack.json").exists():
        _wait_for_port(port)
    require_free(port)
    stack = Stack.plan(home, web_port=port)
    stack.write(home)
    os.environ["ORCHESTRATOR_HOME_DIR"] = str(home)
    settings.cache_clear()  # the parts, and we, go by what was just written
    raise SystemExit(up(home, stack, demo=not no_demo))


def _wait_for_port(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not is_free(port) and time.monotonic() < until:
        time.sleep(0.1)
