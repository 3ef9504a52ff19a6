"""What becomes of the due instants of one schedule: which are run, which are skipped, and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice

from tasks.errors import Invalid, mark
from tasks.models import CatchUp, Schedule, TaskDefinition
from tasks.scheduling.instants import INSTANTLY
from tasks.scheduling.plan import Plan, Planned

MOST_INSTANTS = 50_000
"""So many of one schedule are looked at in one go; what is left is due at once in the next."""
MOST_CAUGHT_UP = 1_000
FOLDED_ABOVE = 100
OFTEN = timedelta(hours=1)

MISSED = {
    CatchUp.SKIP: mark("The scheduler was not running at this time; what is missed is skipped."),
    CatchUp.LAST: mark(
        "The scheduler was not running at this time; a later instant was run instead."
    ),
    CatchUp.ALL: mark(
        "The scheduler was not running at this time, and it was too long ago to catch up."
    ),
}
PAUSED = mark("The schedule was paused.")
OFF = mark("The task is switched off.")
EDITED = mark("The schedule was changed before this instant was fired.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a due instant, or of many that are skipped for one reason."""

    planned: Planned
    code: str | None = None
    """Why it is skipped, in one word; None where it is run."""
    reason: str = ""
    covers_until: datetime | None = None
    instants: int = 1


@dataclass(frozen=True, slots=True)
class Moment:
    """When a schedule is looked at; what was due up to `resumed_at` was missed by an outage."""

    now: datetime
    resumed_at: datetime | None = None

    def missed(self, due_at: datetime) -> bool:
        """Whether no scheduler ran when this was due."""
        return self.resumed_at is not None and due_at <= self.resumed_at


@dataclass(frozen=True, slots=True)
class Step:
    """How far one look at a schedule gets: what becomes of its first due instants."""

    verdicts: Sequence[Verdict]
    head: Planned | None
    """What comes next: due at once where more is due than one step may write."""
    looked_at: int
    """How many instants were looked at."""


def step(
    schedule: Schedule, task: TaskDefinition, plan: Plan, moment: Moment, *, most: int
) -> Step:
    """Decide about the due instants of a schedule, in order, at most `most` rows of them.

    What one step leaves the next one decides alike: by the end of the outage, not by the moment.
    """
    due, following = due_instants(schedule, plan, moment.now)
    looked_at = len(due)
    caught_up = _caught_up(schedule, due, moment)
    if looked_at == MOST_INSTANTS:
        due, following = _decidable(due, following, caught_up)
    found = _verdicts(schedule, task, due, caught_up, moment)
    if len(found) > most:
        found, following = found[:most], found[most].planned
    return Step(found, following, looked_at)


def due_instants(
    schedule: Schedule, plan: Plan, now: datetime
) -> tuple[list[Planned], Planned | None]:
    """Return what is due from the schedule's head up to now, and its next head.

    What can be read does not wait for what cannot: that is the head then. Raises Invalid where
    nothing could be read.
    """
    head = schedule.next_scheduled_for
    if head is None:
        return [], None
    due: list[Planned] = []
    try:
        for planned in islice(plan.after(head - INSTANTLY), MOST_INSTANTS + 1):
            if planned.due_at > now or len(due) == MOST_INSTANTS:
                return due, planned
            due.append(planned)
    except Invalid:
        if not due:
            raise
        return due, _unreadable(plan, due[-1])
    return due, None


def all_edited(schedule: Schedule, due: Sequence[Planned]) -> list[Verdict]:
    """What becomes of the due instants of a schedule whose time is changed."""
    head = schedule.next_scheduled_for
    vanished = head is not None and (not due or due[0].scheduled_for != head)
    found = [Verdict(one, "edited", EDITED) for one in due]
    before = gone(schedule, code="edited", reason=EDITED) if vanished else []
    return before + (_folded(found) if _comes_often(due) else found)


def gone(schedule: Schedule, *, code: str, reason: str) -> list[Verdict]:
    """Write the head of a schedule down whose plan no longer has it: no due instant fades."""
    if schedule.next_scheduled_for is None or schedule.next_due_at is None:
        return []
    head = Planned(schedule.next_scheduled_for, schedule.next_due_at, runs=False)
    return [Verdict(head, code, reason)]


def _unreadable(plan: Plan, last: Planned) -> Planned:
    """Return the instant after the last readable one; due when meant, since nobody can move it."""
    at = next(plan.timing.after(last.scheduled_for)).astimezone(UTC)
    return Planned(at, at)


def _verdicts(
    schedule: Schedule,
    task: TaskDefinition,
    due: Sequence[Planned],
    caught_up: set[Planned],
    moment: Moment,
) -> list[Verdict]:
    """Decide about each due instant, in order; many of one reason become one."""
    found = [_verdict(schedule, task, one, one in caught_up, moment) for one in due]
    vanished = not due or due[0].scheduled_for != schedule.next_scheduled_for
    before = gone(schedule, code="edited", reason=EDITED) if vanished else []
    return before + (_folded(found) if _comes_often(due) else found)


def _caught_up(schedule: Schedule, due: Sequence[Planned], moment: Moment) -> set[Planned]:
    """The missed instants that are run all the same; the window reaches back from the outage's end.

    Counted from the present it would close on what the next step is still to catch up.
    """
    missed = [one for one in due if one.runs and moment.missed(one.due_at)]
    if schedule.catch_up is CatchUp.SKIP:
        return set()
    if schedule.catch_up is CatchUp.LAST:
        return set(missed[-1:])
    ended_at = moment.resumed_at or moment.now
    oldest = ended_at - timedelta(seconds=schedule.catch_up_window_seconds)
    return {one for one in missed[-MOST_CAUGHT_UP:] if one.due_at >= oldest}


def _decidable(
    due: list[Planned], following: Planned | None, caught_up: set[Planned]
) -> tuple[list[Planned], Planned | None]:
    """Leave what would be caught up of a part to the next one, which knows of newer instants.

    Where a part begins with it, it is caught up: what follows for so long does not run.
    """
    first = next((place for place, one in enumerate(due) if one in caught_up), 0)
    return (due[:first], due[first]) if first else (due, following)


def _verdict(
    schedule: Schedule, task: TaskDefinition, one: Planned, caught_up: bool, moment: Moment
) -> Verdict:
    if not task.is_active:
        return Verdict(one, "off", OFF)
    if schedule.paused_until is not None and one.due_at < schedule.paused_until:
        return Verdict(one, "paused", PAUSED)
    if not one.runs:
        code = "holiday_merged" if one.code == "holiday_merged" else "holiday"
        return Verdict(one, code, one.note or "")
    if moment.missed(one.due_at) and not caught_up:
        return Verdict(one, "missed", MISSED[schedule.catch_up])
    return Verdict(one)


def _comes_often(due: Sequence[Planned]) -> bool:
    if len(due) <= FOLDED_ABOVE:
        return False
    return due[-1].scheduled_for - due[0].scheduled_for < OFTEN * (len(due) - 1)


def _folded(found: Sequence[Verdict]) -> list[Verdict]:
    """Make one of more than a hundred that are skipped one after the other for one reason."""
    return [
        one for _, run in groupby(found, key=lambda each: each.code) for one in _fold(list(run))
    ]


def _fold(alike: list[Verdict]) -> Iterator[Verdict]:
    first = alike[0]
    if first.code is None or len(alike) <= FOLDED_ABOVE:
        yield from alike
        return
    until = alike[-1].planned.scheduled_for
    yield Verdict(first.planned, first.code, first.reason, until, len(alike))
