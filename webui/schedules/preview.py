"""The coming instants of a schedule in words, with what moves each of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice, takewhile

from flask_babel import format_date, format_datetime, gettext

from tasks.errors import Invalid
from tasks.models import FOREVER, Schedule, ScheduleKind
from tasks.queries.next_runs import after_pause, plan_with_days, to_come
from tasks.scheduling.instants import Instant
from tasks.scheduling.plan import Plan, Planned, note_of
from tasks.scheduling.words import in_words
from tasks.settings import settings
from webui.database import db
from webui.i18n import language, say
from webui.schedules.forms import ScheduleForm
from webui.schedules.moments import what_became_of

COUNT = 5
MOST_LEFT_OUT = 5
LONGEST_SEARCH = 500
"""Instants; of a schedule whose next ones all fall on days off, no more are looked at."""
PAUSED = "paused"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Coming:
    """A coming instant in the schedule's zone, and in the display's where that differs."""

    at: datetime
    there: str
    here: str
    note: str
    runs: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The phrase with the next instants, or a sentence why there are none."""

    words: str = ""
    zone: str = ""
    coming: Sequence[Coming] = ()
    problem: str = ""


def preview_of(form: ScheduleForm, *, now: datetime) -> Preview:
    """Return what the form means so far; a form that means nothing yet says why."""
    try:
        schedule = form.meant(now=now)
    except Invalid as problem:
        return Preview(problem=say(problem))
    preview = preview_of_schedule(schedule, now=now)
    if schedule.kind is not ScheduleKind.ONCE:
        return preview
    typed = what_became_of(form.text("once_at"), schedule.timezone)
    return preview if typed is None else _as_typed(preview, typed)


def preview_of_schedule(schedule: Schedule, *, now: datetime) -> Preview:
    """Return what a schedule means from now on, whether it is on or not."""
    try:
        coming = tuple(_in_words(one) for one in _next_planned(schedule, now))
    except Invalid as error:
        return Preview(problem=say(error))
    problem = "" if coming else gettext("Nothing comes after now.")
    return Preview(in_words(schedule, language()), schedule.timezone, coming, problem)


def note_in_words(code: str | None, meant: str) -> str:
    """Return the sentence of what moved an instant, with its day as the reader writes it."""
    if code is None:
        return ""
    if code == PAUSED:
        return str(gettext("The schedule is paused; nothing runs."))
    return note_of(code, DAY.sub(_as_the_reader_writes, meant), gettext)


def _as_typed(preview: Preview, typed: Instant) -> Preview:
    """Say of the one instant that was typed what the clocks made of it."""
    note = note_in_words(typed.code, typed.meant or "")
    noted = tuple(replace(one, note=one.note or note) for one in preview.coming)
    return replace(preview, coming=noted)


def _next_planned(schedule: Schedule, now: datetime) -> Iterator[Planned]:
    """Yield the next instants that run, and the first few between them that do not."""
    running = left_out = 0
    plan = plan_with_days(db.session(), schedule)
    for one in islice(_looked_at(schedule, plan, now), LONGEST_SEARCH):
        running += one.runs
        left_out += not one.runs
        if one.runs or left_out <= MOST_LEFT_OUT:
            yield one
        if running == COUNT:
            return


def _looked_at(schedule: Schedule, plan: Plan, now: datetime) -> Iterator[Planned]:
    """Yield what is to come; of a pause only the first few instants that it covers."""
    coming, until = to_come(schedule, plan, now=now), schedule.paused_until
    if until is None or until <= now:
        return coming
    covered = islice(takewhile(lambda one: one.due_at < until, coming), MOST_LEFT_OUT)
    paused = (replace(one, runs=False, code=PAUSED, meant=None) for one in covered)
    return paused if until == FOREVER else chain(paused, after_pause(plan, until))


def _in_words(planned: Planned) -> Coming:
    at = planned.due_at
    full = "d MMMM y EEEE, HH:mm" if language() == "tr" else "EEEE, d MMMM y, HH:mm"
    seconds = ":ss" if at.second else ""
    here = at.astimezone(settings().zone)
    same = here.replace(tzinfo=None) == at.replace(tzinfo=None)
    return Coming(
        at=at,
        there=str(format_datetime(at, full + seconds, rebase=False)),
        here="" if same else str(format_datetime(here, "d MMM HH:mm", rebase=False)),
        note=note_in_words(planned.code, planned.meant or ""),
        runs=planned.runs,
    )


def _as_the_reader_writes(day: re.Match[str]) -> str:
    pattern = "d MMMM y EEEE" if language() == "tr" else "EEEE, d MMMM y"
    return str(format_date(date.fromisoformat(day[0]), pattern))
