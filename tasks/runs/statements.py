"""The statements that every run costs, prepared once.

On the bare tables: whatever names a mapped class takes the way of the ORM, at thrice the cost.
"""

from typing import Any

from sqlalchemy import Float, bindparam, exists, insert, literal_column, or_, update

from tasks.db import db_now
from tasks.models import Base, RunState

NOT_TOLD: dict[str, Any] = {"published_at": None, "republish_at": None, "publications": 0}
NO_LEASE: dict[str, Any] = NOT_TOLD | {"lease_owner": None, "lease_until": None}

TABLES = Base.metadata.tables
RUN, ATTEMPT, QUEUE = TABLES["run"], TABLES["attempt"], TABLES["queue"]
CHAIN = TABLES["task_chain"]
EVENT = insert(TABLES["run_event"])
ATTEMPT_BEGINS = insert(ATTEMPT)
_MINE = (
    RUN.c.id == bindparam("the_run"),
    RUN.c.attempt == bindparam("the_attempt"),
    RUN.c.state == literal_column("'running'"),
)
_UNASKED = RUN.c.cancel_requested_at.is_(None)
_ERROR: dict[str, Any] = {"error_kind": bindparam("the_kind"), "error": bindparam("the_error")}
_IS_FOLLOWED = exists().where(CHAIN.c.task_definition_id == RUN.c.task_definition_id).correlate(RUN)
INCIDENT = TABLES["incident"]
_IS_IN_INCIDENT = (
    exists()
    .where(
        INCIDENT.c.task_definition_id == RUN.c.task_definition_id, INCIDENT.c.closed_at.is_(None)
    )
    .correlate(RUN)
)
_OUTCOME = _ERROR | {"state": bindparam("the_state"), "rows": bindparam("the_rows")}
RUN_ENDS = (
    update(RUN)
    .where(*_MINE)
    .values(NO_LEASE | _OUTCOME | {"reason": bindparam("the_reason"), "finished_at": db_now()})
    .returning(_IS_FOLLOWED, _IS_IN_INCIDENT)
)
"""Returns whether another task follows on the run's, and whether that one is known to fail."""

RUN_WAITS_AGAIN = (
    update(RUN)
    .where(*_MINE)
    .values(
        NO_LEASE
        | _ERROR
        | {
            "state": RunState.QUEUED,
            "reason": bindparam("the_reason"),
            "reason_code": "retry",
            "next_attempt_at": db_now(bindparam("wait", type_=Float())),
        }
    )
    .returning(RUN.c.id)
)
RUN_ENDS_UNASKED = RUN_ENDS.where(_UNASKED)
RUN_WAITS_AGAIN_UNASKED = RUN_WAITS_AGAIN.where(_UNASKED)
"""The same for a run whose cancellation nobody has asked for."""

ATTEMPT_ENDS = (
    update(ATTEMPT)
    .where(ATTEMPT.c.run_id == bindparam("the_run"), ATTEMPT.c.number == bindparam("the_attempt"))
    .values(_OUTCOME | {"finished_at": db_now()})
)

_OF_CLAIMED = (
    RUN.c.id,
    RUN.c.attempt,
    RUN.c.lease_until,
    RUN.c.started_at,
    RUN.c.task_definition_id,
    RUN.c.task_version,
    RUN.c.schedule_id,
    RUN.c.scheduled_for,
    RUN.c.parameters,
    RUN.c.only_to,
    RUN.c.queue,
    RUN.c.source,
)
"""What an attempt needs of its run, a quarter of the columns: tasks.runs.transitions.Claim."""

CLAIM = (
    update(RUN)
    .where(
        RUN.c.id == bindparam("run_id"),
        RUN.c.state == literal_column("'queued'"),
        RUN.c.reason_code.is_(None),
        ~exists().where(QUEUE.c.name == RUN.c.queue, QUEUE.c.paused),
        or_(RUN.c.start_by.is_(None), RUN.c.attempt > 0, RUN.c.start_by > db_now()),
    )
    .values(
        NO_LEASE
        | {
            "state": RunState.RUNNING,
            "reason": "",
            "attempt": RUN.c.attempt + 1,
            "lease_owner": bindparam("owner"),
            "lease_until": db_now(bindparam("lease", type_=Float())),
            "started_at": db_now(),
            "progress_done": None,
            "progress_total": None,
            "progress_text": "",
        }
    )
    .returning(*_OF_CLAIMED)
)
