"""Making a calendar, changing it and deleting it. None of it fires anything."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import Calendar
from tasks.scheduling.calendars import (
    calendar_named,
    change_calendar,
    create_calendar,
    delete_calendar,
)
from tasks.scheduling.recounting import recount_followers
from webui.calendars import blueprint, choices
from webui.calendars.forms import CalendarForm
from webui.database import db
from webui.forms import is_deletion
from webui.permissions import Permission, requires

Answer = Response | tuple[str, int]
NAMELESS = "calendar"


@blueprint.get("/new")
@requires(Permission.EDIT)
def new() -> Answer:
    """An empty form."""
    return _page(CalendarForm.empty())


@blueprint.post("")
@requires(Permission.EDIT)
def create() -> Answer:
    """Save a new calendar with the days of its country."""
    form = CalendarForm.typed()
    with form.checking(conflict="slug"), transaction() as session:
        calendar = create_calendar(
            session, now=utcnow(), slug=form.slug(NAMELESS), **form.content()
        )
    return _page(form) if form.errors else _saved(calendar)


@blueprint.get("/<slug>/edit")
@requires(Permission.EDIT)
def edit(slug: str) -> Answer:
    """The form of a calendar as it is."""
    calendar = calendar_named(db.session(), slug)
    return _page(CalendarForm.of(calendar), calendar)


@blueprint.post("/<slug>/edit")
@requires(Permission.EDIT)
def change(slug: str) -> Answer:
    """Save a change, and count anew what is due next in the schedules that follow."""
    form, calendar = CalendarForm.typed(), calendar_named(db.session(), slug)
    with form.checking(), transaction() as session:
        _save(session, form, slug)
    form.compared_with(calendar.version)
    return _page(form, calendar) if form.errors else _saved(calendar)


@blueprint.route("/<slug>", methods=["POST", "DELETE"])
@requires(Permission.EDIT)
def delete(slug: str) -> Response:
    """Delete a calendar that no schedule follows (DELETE, or a form with `_method`)."""
    if not is_deletion():
        return redirect(url_for("calendars.show", slug=slug), 303)
    with transaction() as session:
        calendar = calendar_named(session, slug)
        delete_calendar(session, calendar)
    flash(gettext("The calendar “%(title)s” is deleted.", title=calendar.title), "success")
    return redirect(url_for("calendars.index"), 303)


def _save(session: Session, form: CalendarForm, slug: str) -> None:
    calendar, now = calendar_named(session, slug), utcnow()
    session.refresh(calendar, with_for_update=True)  # of two who save at once, one sees the other
    content = form.content()
    version = form.version or calendar.version
    change_calendar(session, calendar, now=now, version=version, **content)
    recount_followers(session, calendar, now=now)


def _saved(calendar: Calendar) -> Response:
    flash(gettext("The calendar is saved. The schedules that follow it count from now."), "success")
    return redirect(url_for("calendars.show", slug=calendar.slug), 303)


def _page(form: CalendarForm, calendar: Calendar | None = None) -> Answer:
    page = render_template("calendars/form.html", form=form, calendar=calendar, choices=choices)
    return page, form.status
