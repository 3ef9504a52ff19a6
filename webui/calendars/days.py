"""The days of a calendar: its own, and those that a source brings."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import DayOrigin
from tasks.scheduling.calendars import (
    calendar_named,
    remove_own_day,
    replace_days,
    set_own_day,
)
from tasks.scheduling.recounting import recount_followers
from tasks.scheduling.source_days import read_source_days
from webui.calendars import blueprint
from webui.calendars.forms import DayForm, day_in
from webui.calendars.views import page_of
from webui.database import db
from webui.permissions import Permission, requires

Answer = Response | tuple[str, int]


@blueprint.post("/<slug>/days")
@requires(Permission.EDIT)
def add_day(slug: str) -> Answer:
    """Say what a day is, whatever the country or the source says of it."""
    form = DayForm.typed()
    with form.checking(), transaction() as session:
        calendar, content = calendar_named(session, slug), form.content()
        set_own_day(session, calendar, **content)
        recount_followers(session, calendar, now=utcnow())
    if form.errors:
        return page_of(slug, form), form.status
    return _back(slug, content["day"].year)


@blueprint.route("/<slug>/days/<day>", methods=["POST", "DELETE"])
@requires(Permission.EDIT)
def remove_day(slug: str, day: str) -> Response:
    """Let the country, the source and the weekend speak for a day again (a form or DELETE)."""
    removed = day_in(day)
    with transaction() as session:
        calendar = calendar_named(session, slug)
        remove_own_day(session, calendar, removed)
        recount_followers(session, calendar, now=utcnow())
    return _back(slug, removed.year)


@blueprint.post("/<slug>/imports")
@requires(Permission.EDIT)
def bring_days(slug: str) -> Response:
    """Put the holidays that stand in the calendar's source in the place of those it had."""
    calendar = calendar_named(db.session(), slug)
    db.session.close()  # a source is not asked while a transaction of ours is open
    days = read_source_days(calendar)
    with transaction() as session:
        calendar = calendar_named(session, slug)
        replace_days(session, calendar, DayOrigin.SOURCE, days)
        recount_followers(session, calendar, now=utcnow())
    flash(
        ngettext(
            "%(num)s day came from the source.", "%(num)s days came from the source.", len(days)
        ),
        "success",
    )
    return _back(slug, request.form.get("year", type=int))


def _back(slug: str, year: int | None) -> Response:
    flash(gettext("The schedules that follow this calendar count from now."), "success")
    return redirect(url_for("calendars.show", slug=slug, year=year, _anchor="days"), 303)
