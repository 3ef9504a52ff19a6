"""The starter kit over a source: its reports by area, and tasks made of those that are chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.errors import Invalid
from tasks.kit.adding import Added, Adding, Fate, add_reports, chosen, fate_of
from tasks.kit.report import Area, KitReport, kit
from tasks.models import Source
from tasks.queries.by_name import source_named
from tasks.reports.render import Language
from webui.database import db
from webui.forms import Form, typed
from webui.i18n import LANGUAGES, language
from webui.permissions import Permission, actor, requires
from webui.sources import blueprint

AREAS = {
    Area.FINANCE: lazy_gettext("Finance"),
    Area.SALES: lazy_gettext("Sales"),
    Area.PURCHASING: lazy_gettext("Purchasing"),
    Area.STOCK: lazy_gettext("Stock"),
    Area.PRODUCTION: lazy_gettext("Production"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A report, and what there is of it already."""

    report: KitReport
    there: Added | None


@blueprint.get("/<slug>/kit")
@requires(Permission.AUTHOR)
def starter_kit(slug: str) -> tuple[str, int]:
    """The reports of the kit in the language that was chosen."""
    form = Form(values={"language": _language(request.args.get("language", "")), "recipients": ""})
    return _page(source_named(db.session(), slug), form)


@blueprint.post("/<slug>/kit")
@requires(Permission.AUTHOR)
def add_to_tasks(slug: str) -> Response | tuple[str, int]:
    """Make tasks of the chosen reports; what is there already stays as it is."""
    form = Form(values={"language": _language(typed("language"))})
    form.values |= {"recipients": typed("recipients"), "reports": request.form.getlist("reports")}
    with form.checking(), transaction() as session:
        added = _add(session, slug, form)
    if form.errors:
        return _page(source_named(db.session(), slug), form)
    _tell(added)
    kept = form.text("language")
    return redirect(url_for("sources.starter_kit", slug=slug, language=kept), 303)


def _add(session: Session, slug: str, form: Form) -> list[Added]:
    chosen_language = Language(form.text("language"))
    everything = [one.slug for one in kit(chosen_language)] if typed("everything") else ()
    reports = chosen(everything or form.values["reports"], chosen_language)
    if not reports:
        raise Invalid("Choose the reports to add first.", field="reports")
    how = Adding(
        source_named(session, slug),
        chosen_language,
        utcnow(),
        added_by=actor(),
        recipients=tuple(form.text("recipients").replace(",", " ").split()),
        owner_id=current_user.id,
    )
    return add_reports(session, reports, how)


def _language(wished: str) -> str:
    return wished if wished in LANGUAGES else language()


def _tell(added: Sequence[Added]) -> None:
    """Say how many tasks there are now, and which reports were left as they are."""
    made = sum(one.fate is Fate.ADDED for one in added)
    told = ngettext(
        "%(num)s task is made. Its schedule waits to be switched on.",
        "%(num)s tasks are made. Their schedules wait to be switched on.",
        made,
    )
    if made:
        flash(told, "success")
    for one in added:
        if one.fate is not Fate.ADDED and not typed("everything"):
            there = gettext("“%(title)s” is there already and stays as it is.", title=one.slug)
            flash(there, "info")


def _page(source: Source, form: Form) -> tuple[str, int]:
    session = db.session()
    offers = [
        Offer(one, fate_of(session, one, source)) for one in kit(Language(form.text("language")))
    ]
    offers.sort(key=lambda one: (list(Area).index(one.report.area), one.report.title))
    areas = [(AREAS[area], list(each)) for area, each in groupby(offers, lambda o: o.report.area)]
    page = render_template(
        "sources/kit/index.html", source=source, form=form, areas=areas, languages=LANGUAGES
    )
    return page, form.status if form.errors else HTTPStatus.OK
