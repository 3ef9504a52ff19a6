"""The rows of a run as they are now."""

from sqlalchemy import select

from tasks.db import reading
from tasks.models import Run, RunEvent, RunState


def now(run: Run) -> Run:
    """Return the run as it is now."""
    with reading() as session:
        return session.get_one(Run, run.id)


def states(run_id: int) -> list[RunState]:
    """Return the states that a run went through, in order."""
    of_it = select(RunEvent.state).where(RunEvent.run_id == run_id).order_by(RunEvent.id)
    with reading() as session:
        return list(session.scalars(of_it))
