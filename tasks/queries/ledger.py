"""The ledger of a schedule: what was expected against what happened, and what is to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import merge

from sqlalchemy import select
from sqlalchemy.orm import Session

from tasks.models import Run, Schedule
from tasks.scheduling.timing import timing_of

MOST_LINES = 1000
JUST_BEFORE = timedelta(microseconds=1)


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
    rows = _rows(session, schedule, since, until)
    happened = [_happened(schedule, row) for row in rows]
    expected = _without_row(schedule, happened, since=since, until=until, now=now)
    lines: list[LedgerLine] = []
    for line in merge(happened, expected, key=lambda line: line.scheduled_for):
        if len(lines) == MOST_LINES:
            return Ledger(tuple(lines), line.scheduled_for)
        lines.append(line)
    return Ledger(tuple(lines))


def _rows(session: Session, schedule: Schedule, since: datetime, until: datetime) -> list[Run]:
    """Read the rows of the span, after the one before it if that covers its beginning."""
    of_schedule = select(Run).where(Run.schedule_id == schedule.id)
    within = of_schedule.where(Run.scheduled_for >= since, Run.scheduled_for < until)
    before = of_schedule.where(Run.scheduled_for < since)
    rows = session.scalars(within.order_by(Run.scheduled_for).limit(MOST_LINES + 1)).all()
    first = session.scalars(before.order_by(Run.scheduled_for.desc()).limit(1)).one_or_none()
    covers = first is not None and first.covers_until is not None and first.covers_until >= since
    return [first, *rows] if first and covers else list(rows)


def _happened(schedule: Schedule, row: Run) -> LedgerLine:
    coming = timing_of(schedule).after(row.scheduled_for - JUST_BEFORE)
    expected = next(coming, None) == row.scheduled_for
    return LedgerLine(row.scheduled_for, row.due_at, Standing.HAPPENED, expected, row)


def _without_row(
    schedule: Schedule,
    happened: Sequence[LedgerLine],
    *,
    since: datetime,
    until: datetime,
    now: datetime,
) -> Iterator[LedgerLine]:
    """Yield the expected instants that have no row, from when the schedule counts."""
    if not schedule.enabled:
        return
    written = {line.scheduled_for for line in happened}
    start = max(since - JUST_BEFORE, _counts_from(schedule, happened))
    for at in _uncovered(schedule, happened, after=start):
        if at >= until:
            return
        if at not in written:
            yield LedgerLine(at, at, _standing(schedule, at, now=now))


def _uncovered(
    schedule: Schedule, happened: Sequence[LedgerLine], *, after: datetime
) -> Iterator[datetime]:
    """Yield the expected instants, leaping over those that a folded row stands for."""
    for line in happened:
        if not line.run or line.run.covers_until is None or line.run.covers_until <= after:
            continue
        for at in timing_of(schedule).after(after):
            if at >= line.scheduled_for:
                break
            yield at
        after = line.run.covers_until
    yield from timing_of(schedule).after(after)


def _counts_from(schedule: Schedule, happened: Sequence[LedgerLine]) -> datetime:
    """From when its present time counts: a row that it does not mean is older than a change."""
    changes = [line.run.queued_at for line in happened if line.run and not line.expected]
    return max(schedule.created_at, schedule.starts_at - JUST_BEFORE, *changes)


def _standing(schedule: Schedule, at: datetime, *, now: datetime) -> Standing:
    if at > now:
        return Standing.COMING
    next_one = schedule.next_scheduled_for or schedule.next_due_at
    return Standing.MISSING if next_one is None or at < next_one else Standing.DUE
