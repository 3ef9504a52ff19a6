"""How an attempt ended, and what came of writing that down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tasks.errors import ErrorKind
from tasks.models import Artifact, Delivery, RunResult, RunState


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended, with everything that becomes visible at once when it is recorded."""

    state: RunState
    reason: str = ""
    rows: int | None = None
    error_kind: ErrorKind | None = None
    error: str | None = None
    artifacts: Sequence[Artifact] = field(default=())
    deliveries: Sequence[Delivery] = field(default=())
    result: RunResult | None = None
    retry_in: timedelta | None = None
    """Where set, the run waits this long for its next attempt instead of ending."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The state of a run whose attempt has just ended, and whether another task may follow on it.

    The state is `queued` where the run waits for its next attempt.
    """

    state: RunState
    is_followed: bool = False
    is_in_incident: bool = False
    """Whether the task is known to fail, so that a success is news."""
