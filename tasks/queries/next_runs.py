"""When schedules run next: what a day off, a pause or an end leaves out is passed over.

`next_due_at` is the next instant that the tick looks at, which may come to nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice, takewhile

from sqlalchemy.orm import Session

from tasks.errors import Invalid
from tasks.models import FOREVER, OnHoliday, Schedule
from tasks.scheduling.calendar_cache import load_all_days, load_days
from tasks.scheduling.instants import INSTANTLY, day_of, just_before
from tasks.scheduling.plan import Plan, Planned, plan_of
from tasks.scheduling.working_days import WorkingDays

MOST_LOOKED_AT = 500
"""Instants; of a schedule that runs at none of so many, the next run is not known."""
DAY = timedelta(days=1)

Days = Mapping[int, WorkingDays]


def plan_with_days(session: Session, schedule: Schedule) -> Plan:
    """Return the plan of a schedule with the days of its calendar; raises Invalid."""
    days = load_days(session, schedule.calendar_id) if schedule.calendar_id else None
    return plan_of(schedule, days)


def to_come(schedule: Schedule, plan: Plan, *, now: datetime) -> Iterator[Planned]:
    """Yield what is due after now, in the order in which it was meant.

    It begins with the schedule's head, which a day off may have moved here from before now.
    """
    head, due_at = schedule.next_scheduled_for, schedule.next_due_at
    is_ahead = due_at is not None and due_at > now
    start = head - INSTANTLY if head is not None and is_ahead else now
    return (one for one in plan.after(start) if one.due_at > now)


def after_pause(plan: Plan, until: datetime) -> Iterator[Planned]:
    """Yield what is due from the end of a pause on, also what a day off moves beyond it."""
    start = until - INSTANTLY
    if plan.days is not None and plan.on_holiday is OnHoliday.NEXT:
        worked = plan.days.previous(day_of(until, plan.zone))
        start = min(start, just_before(worked + DAY, plan.zone))
    return (one for one in plan.after(start) if one.due_at >= until)


def coming(
    session: Session, schedules: Sequence[Schedule], *, now: datetime, count: int
) -> dict[int, list[datetime]]:
    """Return the next instants that each schedule runs at, by its id; none while it is off."""
    days = _days_of(session, schedules)
    return {one.id: _running(one, days, now, count) for one in schedules}


def next_runs(
    session: Session, schedules: Sequence[Schedule], *, now: datetime
) -> dict[int, datetime | None]:
    """Return when each schedule runs next, by its id; what is overdue is what comes next."""
    days = _days_of(session, [one for one in schedules if _may_pass_over(one)])
    return {one.id: _next_run(one, days, now) for one in schedules}


def count_runs(
    session: Session, schedules: Sequence[Schedule], *, now: datetime, until: datetime, most: int
) -> int:
    """Count the runs that are planned until then, of at most so many instants looked at."""
    days = _days_of(session, schedules)
    instants = chain.from_iterable(_within(one, days, now, until) for one in schedules)
    return sum(one.runs for one in islice(instants, most))


def _within(schedule: Schedule, days: Days, now: datetime, until: datetime) -> Iterator[Planned]:
    """Yield what is due until then, as far as the schedule can be read."""
    if schedule.next_due_at is None or schedule.paused_until == FOREVER:
        return
    try:
        plan = plan_of(schedule, days.get(schedule.calendar_id or 0))
        coming = _from_now_on(schedule, plan, now)
        yield from takewhile(lambda one: one.due_at < until, coming)
    except Invalid:
        return


def _days_of(session: Session, schedules: Sequence[Schedule]) -> Days:
    """Return the working days of all calendars that these schedules follow, in one query."""
    ids = {one.calendar_id for one in schedules if one.calendar_id}
    return load_all_days(session, ids) if ids else {}


def _may_pass_over(schedule: Schedule) -> bool:
    """Whether the instant that is due next may come to nothing."""
    if schedule.next_due_at is None:
        return False
    until = schedule.paused_until
    is_covered = until is not None and until > schedule.next_due_at
    return is_covered or (
        schedule.calendar_id is not None and schedule.on_holiday is not OnHoliday.RUN
    )


def _next_run(schedule: Schedule, days: Days, now: datetime) -> datetime | None:
    if not _may_pass_over(schedule):
        return schedule.next_due_at
    found = _running(schedule, days, min(now, (schedule.next_due_at or now) - INSTANTLY), 1)
    return found[0] if found else None


def _running(schedule: Schedule, days: Days, now: datetime, count: int) -> list[datetime]:
    """Return the next instants that run; none where the schedule cannot be read any more.

    The tick tells people of such a schedule as soon as it is due.
    """
    if schedule.next_due_at is None or schedule.paused_until == FOREVER:
        return []
    try:
        plan = plan_of(schedule, days.get(schedule.calendar_id or 0))
        planned = islice(_from_now_on(schedule, plan, now), MOST_LOOKED_AT)
        return list(islice((one.due_at for one in planned if one.runs), count))
    except Invalid:
        return []


def _from_now_on(schedule: Schedule, plan: Plan, now: datetime) -> Iterator[Planned]:
    until = schedule.paused_until
    if until is not None and until > now:
        return after_pause(plan, until)
    return to_come(schedule, plan, now=now)
