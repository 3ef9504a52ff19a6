"""The list of calendars, and one with a year of its days."""

from flask import render_template, request
from flask_babel import to_user_timezone

from tasks.clock import utcnow
from tasks.queries.calendars import calendar_lines, calendar_year
from tasks.queries.tasks import sources
from tasks.scheduling.calendars import calendar_named, schedules_of
from webui.calendars import blueprint, choices
from webui.calendars.forms import DayForm
from webui.calendars.months import months_of, year_in
from webui.calendars.words import facts_of
from webui.database import db
from webui.permissions import Permission, requires


@blueprint.get("")
@requires(Permission.SEE)
def index() -> str:
    """All calendars, with what comes next in each."""
    today = to_user_timezone(utcnow()).date()
    lines = calendar_lines(db.session(), today=today)
    return render_template("calendars/index.html", lines=lines, country=choices.country_name)


@blueprint.get("/<slug>")
@requires(Permission.SEE)
def show(slug: str) -> str:
    """One calendar: a year of its days, and who follows it."""
    return page_of(slug, DayForm.empty())


def page_of(slug: str, form: DayForm) -> str:
    """Render the page of a calendar with the form of an own day as it stands."""
    session, today = db.session(), to_user_timezone(utcnow()).date()
    calendar = calendar_named(session, slug)
    year = calendar_year(session, calendar, year_in(request.values.get("year", ""), today))
    return render_template(
        "calendars/show.html",
        calendar=calendar,
        facts=facts_of(calendar, sources(session)),
        year=year,
        months=months_of(year, today=today),
        schedules=schedules_of(session, calendar),
        form=form,
        choices=choices,
    )
