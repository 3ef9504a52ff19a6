"""The ledger of a schedule: what was expected against what happened, and what is to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from heapq import merge

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.errors import mark
from tasks.models import Run, Schedule
from tasks.retention import forgotten_before
from tasks.scheduling.calendar_cache import load_days
from tasks.scheduling.instants import INSTANTLY
from tasks.scheduling.plan import Plan, Planned, plan_of
from tasks.scheduling.working_days import WorkingDays

MOST_LINES = 1000
PAUSED = mark("The schedule is paused.")


class Standing(StrEnum):
    """How an instant stands."""

    HAPPENED = "happened"
    """It has a row: a run, or a skipped one that says why."""
    MISSING = "missing"
    """It is over, was to be written down, and has no row."""
    DUE = "due"
    """It is over, and the scheduler has not come to it yet."""
    COMING = "coming"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One instant, or the many that one skipped row stands for; `run` is None without a row.

    `expected` says whether the schedule, as it is now, means this instant. `note` says in English
    what moved it or keeps it from running; `code` says so in a word, `meant` is the note's time.
    """

    scheduled_for: datetime
    due_at: datetime
    standing: Standing
    expected: bool = True
    run: Run | None = None
    note: str | None = None
    code: str | None = None
    meant: str | None = None

    @property
    def instants(self) -> int:
        """How many due instants the line stands for."""
        return self.run.instants if self.run else 1


@dataclass(frozen=True, slots=True)
class Ledger:
    """The lines in the order of the meant instants; `goes_on_at` is the first that was left out."""

    lines: tuple[LedgerLine, ...]
    goes_on_at: datetime | None = None


def ledger(
    session: Session, schedule: Schedule, *, since: datetime, until: datetime, now: datetime
) -> Ledger:
    """Read the ledger of a schedule from `since` until before `until`, at most MOST_LINES lines."""
    deleted = forgotten_before(session, schedule.task_definition_id)
    plan = _Expected(plan_of(schedule, _days(session, schedule)), schedule, now, deleted)
    happened = [_happened(plan, row) for row in _rows(session, schedule, since, until)]
    without_row = plan.without_row(happened, since=since, until=until)
    lines: list[LedgerLine] = []
    for line in merge(happened, without_row, key=lambda line: line.scheduled_for):
        if len(lines) == MOST_LINES:
            return Ledger(tuple(lines), line.scheduled_for)
        lines.append(line)
    return Ledger(tuple(lines))


def _days(session: Session, schedule: Schedule) -> WorkingDays | None:
    return load_days(session, schedule.calendar_id) if schedule.calendar_id else None


def _rows(session: Session, schedule: Schedule, since: datetime, until: datetime) -> list[Run]:
    """Read the rows of the span, after the one before it if that covers its beginning."""
    of_schedule = select(Run).where(Run.schedule_id == schedule.id)
    within = of_schedule.where(Run.scheduled_for >= since, Run.scheduled_for < until)
    before = of_schedule.where(Run.scheduled_for < since)
    rows = session.scalars(within.order_by(Run.scheduled_for).limit(MOST_LINES + 1)).all()
    first = session.scalars(before.order_by(Run.scheduled_for.desc()).limit(1)).one_or_none()
    covers = first is not None and first.covers_until is not None and first.covers_until >= since
    return [first, *rows] if first and covers else list(rows)


def _happened(expected: "_Expected", row: Run) -> LedgerLine:
    planned = expected.at(row.scheduled_for)
    line = LedgerLine(row.scheduled_for, row.due_at, Standing.HAPPENED, planned is not None, row)
    if planned is None:
        return line
    return replace(line, note=planned.note, code=planned.code, meant=planned.meant)


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a schedule, as it is now, means."""

    plan: Plan
    schedule: Schedule
    now: datetime
    deleted: datetime | None = None
    """Before this instant rows were deleted, so that one without a row means nothing."""

    def at(self, instant: datetime) -> Planned | None:
        """Return what was meant for exactly this instant, None where nothing was."""
        planned = next(self.plan.after(instant - INSTANTLY), None)
        return planned if planned and _utc(planned.scheduled_for) == instant else None

    def without_row(
        self, happened: Sequence[LedgerLine], *, since: datetime, until: datetime
    ) -> Iterator[LedgerLine]:
        """Yield what was meant for the span and has no row, from when the schedule counts."""
        if not self.schedule.enabled:
            return
        written = {line.scheduled_for for line in happened}
        counts_from = self._counts_from(happened)
        for one in self._uncovered(happened, after=max(since - INSTANTLY, counts_from)):
            at = _utc(one.scheduled_for)
            if at >= until:
                return
            if at not in written and _utc(one.due_at) > counts_from:
                yield self._line(one, at)

    def _counts_from(self, happened: Sequence[LedgerLine]) -> datetime:
        """From when its present time counts: a row that it does not mean is older than a change."""
        changes = [
            line.run.queued_at
            for line in happened
            if line.run and (not line.expected or line.run.reason_code == "edited")
        ]
        deleted = [self.deleted] if self.deleted else []
        begins = self.schedule.starts_at - INSTANTLY
        counted = [self.schedule.counts_from] if self.schedule.counts_from else []
        return max(self.schedule.created_at, begins, *changes, *deleted, *counted)

    def _uncovered(self, happened: Sequence[LedgerLine], *, after: datetime) -> Iterator[Planned]:
        """Yield what was meant, leaping over what the row of many instants stands for."""
        for line in happened:
            if not line.run or line.run.covers_until is None or line.run.covers_until <= after:
                continue
            for one in self.plan.after(after):
                if _utc(one.scheduled_for) >= line.scheduled_for:
                    break
                yield one
            after = line.run.covers_until
        yield from self.plan.after(after)

    def _line(self, one: Planned, at: datetime) -> LedgerLine:
        line = LedgerLine(at, _utc(one.due_at), self._standing(one, at))
        if line.standing is Standing.COMING and self._is_paused_at(line.due_at):
            return replace(line, code="paused", note=PAUSED)
        return replace(line, note=one.note, code=one.code, meant=one.meant)

    def _standing(self, one: Planned, at: datetime) -> Standing:
        if max(at, _utc(one.due_at)) > self.now:
            return Standing.COMING
        next_one = self.schedule.next_scheduled_for or self.schedule.next_due_at
        return Standing.MISSING if next_one is None or at < next_one else Standing.DUE

    def _is_paused_at(self, at: datetime) -> bool:
        until = self.schedule.paused_until
        return until is not None and at < until


def _utc(at: datetime) -> datetime:
    """Return it in UTC: two instants of one zone would be compared by the time on the wall."""
    return at.astimezone(UTC)
