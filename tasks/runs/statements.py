"""The statements that every run costs, prepared once and on the bare tables."""

from typing import Any

from sqlalchemy import Float, bindparam, exists, insert, or_, update

from tasks.db import db_now
from tasks.models import IS_READY, IS_RUNNING, Base, Queue, Run, RunState

NOT_TOLD: dict[str, Any] = {"published_at": None, "republish_at": None, "publications": 0}
NO_LEASE: dict[str, Any] = NOT_TOLD | {"lease_owner": None, "lease_until": None}

RUN, ATTEMPT = Base.metadata.tables["run"], Base.metadata.tables["attempt"]
EVENT = insert(Base.metadata.tables["run_event"])
ATTEMPT_BEGINS = insert(ATTEMPT)
_MINE = (
    RUN.c.id == bindparam("the_run"),
    RUN.c.attempt == bindparam("the_attempt"),
    IS_RUNNING,
)
_ERROR: dict[str, Any] = {"error_kind": bindparam("the_kind"), "error": bindparam("the_error")}
_OUTCOME = _ERROR | {"state": bindparam("the_state"), "rows": bindparam("the_rows")}
RUN_ENDS = (
    update(RUN)
    .where(*_MINE)
    .values(NO_LEASE | _OUTCOME | {"reason": bindparam("the_reason"), "finished_at": db_now()})
    .returning(RUN.c.id)
)
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
ATTEMPT_ENDS = (
    update(ATTEMPT)
    .where(ATTEMPT.c.run_id == bindparam("the_run"), ATTEMPT.c.number == bindparam("the_attempt"))
    .values(_OUTCOME | {"finished_at": db_now()})
)

CLAIM = (
    update(Run)
    .where(
        Run.id == bindparam("run_id"),
        IS_READY,
        ~exists().where(Queue.name == Run.queue, Queue.paused),
        or_(Run.start_by.is_(None), Run.attempt > 0, Run.start_by > db_now()),
    )
    .values(
        NO_LEASE
        | {
            "state": RunState.RUNNING,
            "reason": "",
            "attempt": Run.attempt + 1,
            "lease_owner": bindparam("owner"),
            "lease_until": db_now(bindparam("lease", type_=Float())),
            "started_at": db_now(),
            "progress_done": None,
            "progress_total": None,
            "progress_text": "",
        }
    )
    .returning(Run)
)
