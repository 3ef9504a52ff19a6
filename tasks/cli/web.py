"""`orchestrator web`: the pages, served by gunicorn in this process."""

import os
import sys
from pathlib import Path

import click

from tasks.cli.command import Command
from tasks.settings import settings

ROOT = Path(__file__).parents[2]

MEMORY = Path("/dev/shm")  # noqa: S108 (a file that gunicorn makes and unlinks at once)
HEARTBEAT = [f"--worker-tmp-dir={MEMORY}"] if MEMORY.is_dir() else []
"""A heartbeat on a slow disk can look like a hung process."""


@click.command("web", cls=Command)
@click.option("--bind", metavar="HOST:PORT", help="The address; else ORCHESTRATOR_WEB_BIND.")
def cli(bind: str | None) -> None:
    """Serve the pages."""
    settings()  # a wrong setting is told here, and not by a server that cannot start
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *flags(bind)])  # noqa: S606


def flags(bind: str | None = None) -> list[str]:
    """Return gunicorn's command line."""
    current = settings()
    return [
        f"--bind={bind or current.web_bind}",
        f"--workers={current.web_processes}",
        f"--threads={current.web_threads}",
        "--worker-class=gthread",
        "--preload",  # the processes share the loaded application's memory
        "--no-control-socket",  # nobody uses it, and it would be one more way in
        *HEARTBEAT,
        "--timeout=60",
        "--graceful-timeout=10",
        "--logger-class=tasks.cli.web_log.WebLog",
        f"--chdir={ROOT}",
        "webui.wsgi:app",
    ]
