"""What the parameters of a run turned out to be, kept beside what was given."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from tasks.models import IS_RUNNING, Run


def keep_resolved(
    session: Session, run_id: int, attempt: int, resolved: Mapping[str, object]
) -> None:
    """Write the values as they could be typed; an attempt that has lost its run writes nothing."""
    session.execute(
        update(Run)
        .where(Run.id == run_id, Run.attempt == attempt, IS_RUNNING)
        .values(resolved=dict(resolved)),
        execution_options={"synchronize_session": False},
    )
