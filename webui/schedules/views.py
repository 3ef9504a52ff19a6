"""The list of schedules, and one with its coming instants and its ledger."""

from flask import render_template, request

from tasks.clock import utcnow
from tasks.models import Schedule
from tasks.queries.by_name import task_named
from tasks.queries.calendars import calendar_of
from tasks.queries.next_runs import next_runs
from tasks.queries.schedules import schedule_with_task, schedules_page
from tasks.scheduling.words import in_words
from webui.database import db
from webui.i18n import language
from webui.permissions import Permission, requires
from webui.schedules import blueprint
from webui.schedules.ledger import ledger_of
from webui.schedules.preview import preview_of_schedule
from webui.schedules.standing import Standing, standing_of
from webui.schedules.words import facts_of


@blueprint.get("")
@requires(Permission.SEE)
def index() -> str:
    """All schedules, what is due first at the top, or those of one task."""
    slug = request.args.get("task", "")
    page = schedules_page(db.session(), task=slug, after=request.args.get("after", ""))
    return render_template(
        "schedules/index.html",
        page=page,
        next_runs=next_runs(db.session(), page.rows, now=utcnow()),
        task=task_named(db.session(), slug) if slug else None,
        words=words_of,
        standing=standing_now,
    )


@blueprint.get("/<int:schedule_id>")
@requires(Permission.SEE)
def show(schedule_id: int) -> str:
    """One schedule: what it means, what comes, and what was expected against what happened."""
    schedule, now = schedule_with_task(db.session(), schedule_id), utcnow()
    calendar = calendar_of(db.session(), schedule)
    return render_template(
        "schedules/show.html",
        schedule=schedule,
        standing=standing_of(schedule, now=now),
        preview=preview_of_schedule(schedule, now=now),
        facts=facts_of(schedule, calendar),
        ledger=ledger_of(schedule, request.args, now=now),
    )


def words_of(schedule: Schedule) -> str:
    """When a schedule is due, in the reader's language."""
    return in_words(schedule, language())


def standing_now(schedule: Schedule) -> Standing:
    """Whether a schedule starts anything at present."""
    return standing_of(schedule, now=utcnow())
