"""The runs of a task that may go, some at a time."""

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, exists, select

from tasks.db import reading
from tasks.models import Delivery, DeliveryState, Run, RunState

BATCH = 500
FINAL = tuple(state for state in RunState if state.is_final)
UNSENT = (DeliveryState.QUEUED, DeliveryState.SENDING)

MAY_GO: tuple[ColumnElement[bool], ...] = (
    Run.state.in_(FINAL),
    ~exists().where(Delivery.run_id == Run.id, Delivery.state.in_(UNSENT)),
)
"""A run that has not ended, or whose letters still go out, stays whatever its age."""

NO_SYNC = {"synchronize_session": False}


def runs_by_batch(task_id: int, *conditions: ColumnElement[bool]) -> Iterator[Sequence[int]]:
    """Yield the ids of the task's runs that meet the conditions, the oldest first."""
    after = 0
    while True:
        with reading() as session:
            run_ids = session.scalars(
                select(Run.id)
                .where(Run.task_definition_id == task_id, Run.id > after, *MAY_GO, *conditions)
                .order_by(Run.id)
                .limit(BATCH)
            ).all()
        if not run_ids:
            return
        after = run_ids[-1]
        yield run_ids
