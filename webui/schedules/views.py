"""The list of schedules, and one with its coming instants and its ledger."""

from datetime import datetime

from flask import render_template, request

from tasks.clock import utcnow
from tasks.models import Schedule
from tasks.queries.by_name import task_named
from tasks.queries.mark_of import mark_of
from tasks.queries.next_runs import next_runs
from tasks.queries.schedules import NEVER, schedule_with_task, schedules_page
from tasks.scheduling.words import in_words
from webui.database import db
from webui.htmx import wants_fragment
from webui.i18n import language
from webui.permissions import Permission, requires
from webui.schedules import blueprint
from webui.schedules.page import page_of
from webui.schedules.standing import Standing, standing_of

NOTHING_NEW = ("", 204)


@blueprint.get("")
@requires(Permission.SEE)
def index() -> str | tuple[str, int]:
    """All schedules, what runs first at the top, or those of one task; the poll, where it moved."""
    slug, after, now = request.args.get("task", ""), request.args.get("after", ""), utcnow()
    page = schedules_page(db.session(), task=slug, after=after)
    at = next_runs(db.session(), page.rows, now=now)
    rows = sorted(page.rows, key=lambda one: at[one.id] or NEVER)
    version = mark_of(page.after, [_look(one, at[one.id], now) for one in rows])
    if wants_fragment() and request.args.get("since") == version:
        return NOTHING_NEW
    return render_template(
        "schedules/_parts.html" if wants_fragment() else "schedules/index.html",
        rows=rows,
        before=after,
        after=page.after,
        next_runs=at,
        task=task_named(db.session(), slug) if slug else None,
        words=words_of,
        standing=standing_now,
        version=version,
    )


@blueprint.get("/<int:schedule_id>")
@requires(Permission.SEE)
def show(schedule_id: int) -> str | tuple[str, int]:
    """One schedule: what it means, what comes, and what was expected against what happened."""
    schedule = schedule_with_task(db.session(), schedule_id)
    page = page_of(schedule, request.args, now=utcnow())
    if wants_fragment() and request.args.get("since") == page["version"]:
        return NOTHING_NEW
    return render_template(
        "schedules/_story.html" if wants_fragment() else "schedules/show.html",
        **page,
        stood=request.args.get("stood", ""),
    )


def words_of(schedule: Schedule) -> str:
    """When a schedule is due, in the reader's language."""
    return in_words(schedule, language())


def standing_now(schedule: Schedule) -> Standing:
    """Whether a schedule starts anything at present."""
    return standing_of(schedule, now=utcnow())


def _look(schedule: Schedule, next_run_at: datetime | None, now: datetime) -> tuple[object, ...]:
    """Return what the list shows of a schedule, as values."""
    stands = standing_of(schedule, now=now)
    return schedule.id, schedule.version, schedule.updated_at, stands, next_run_at
