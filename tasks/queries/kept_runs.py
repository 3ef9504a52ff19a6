"""Runs of a task that kept their rows, so that any two of them can be compared."""

from collections.abc import Sequence

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from tasks.models import Artifact, ArtifactRole, Run, RunState

MOST = 50


def runs_with_rows(session: Session, run: Run) -> Sequence[Run]:
    """Return the other runs of the task that kept their rows: the newest, the newest first."""
    kept = exists().where(
        and_(
            Artifact.run_id == Run.id,
            Artifact.attempt == Run.attempt,
            Artifact.role == ArtifactRole.ROWS,
        )
    )
    return session.scalars(
        select(Run)
        .where(
            Run.task_definition_id == run.task_definition_id,
            Run.state == RunState.SUCCEEDED,
            Run.id != run.id,
            kept,
        )
        .order_by(Run.id.desc())
        .limit(MOST)
    ).all()
