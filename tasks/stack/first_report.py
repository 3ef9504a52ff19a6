"""An errand of `up`: wait for the first report, then say where its file and its mail lie."""

import time

import click
from sqlalchemy import select

from tasks.db import reading
from tasks.models import Run, Trigger
from tasks.queries.whole_run import WholeRun, whole_run
from tasks.settings import settings
from tasks.stack.kept_mail import find_mail

FIRST_TASK = "overdue-receivables"
FIRST_ACTOR = "up"
FIRST_KEY = "first-start"

LONGEST_WAIT = 600.0


def main() -> None:
    """Print how the first run ended; nothing where there is none."""
    with reading() as session:
        key = f"{Trigger.CODE}:{FIRST_ACTOR}:{FIRST_KEY}"
        run_id = session.scalar(select(Run.id).where(Run.request_key == key))
    if run_id is not None:
        _tell(_wait_for(run_id))


def _wait_for(run_id: int) -> WholeRun:
    until = time.monotonic() + LONGEST_WAIT
    while not (whole := _look(run_id)).is_over and time.monotonic() < until:
        time.sleep(0.2)
    return whole


def _look(run_id: int) -> WholeRun:
    with reading() as session:
        return whole_run(session, run_id)


def _tell(whole: WholeRun) -> None:
    run = whole.run
    if not whole.is_over or run.finished_at is None:
        click.echo(f"The first report, run {run.id} of {FIRST_TASK}, has not ended yet.")
        return
    ended = run.finished_at.astimezone(settings().zone)
    why = f": {run.error or run.reason}" if run.error or run.reason else ""
    click.echo(f"First report: {FIRST_TASK} {run.state} on {ended:%Y-%m-%d at %H:%M:%S %Z}{why}")
    for artifact in whole.artifacts:
        click.echo(f"  file   {settings().artifacts_dir / artifact.path}")
    for one in whole.deliveries:
        mail = find_mail(settings().home_dir / "mail", one.message_id)
        where = mail or f"to {one.recipient} {one.state}: {one.error or 'not in the mail folder'}"
        click.echo(f"  mail   {where}")


if __name__ == "__main__":
    main()
