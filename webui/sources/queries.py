"""The saved queries of a company: which can become reports, and taking them over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tasks.db import reading, transaction
from tasks.errors import Conflict, Invalid, JobError
from tasks.models import Source
from tasks.queries.by_name import source_named
from tasks.reports.guard import Problem
from tasks.reports.render import Language
from tasks.saved_queries.company import company_of
from tasks.saved_queries.converting import Converted, Outcome, convert
from tasks.saved_queries.importing import Fate, Import, Imported, fates, import_queries
from tasks.saved_queries.reading import (
    PAGE,
    Category,
    SavedQuery,
    categories,
    look_into,
    queries,
)
from webui.database import db
from webui.forms import whole_number
from webui.i18n import language, say
from webui.permissions import Permission, actor, requires
from webui.places import place_at_a_source
from webui.retelling import told
from webui.sources import blueprint

OUTCOMES = {
    Outcome.AS_IT_IS: (lazy_gettext("Can be taken"), "circle-check", "succeeded"),
    Outcome.WITH_CHANGES: (lazy_gettext("With changes"), "circle-check", "succeeded"),
    Outcome.CANNOT: (lazy_gettext("Cannot be taken"), "circle-x", "failed"),
}
"""Word, icon and look of what can be done with a query."""
TAKEN = (Fate.TAKEN, Fate.UPDATED)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of saved queries, or the sentence of why there is none."""

    category: int | None = None
    categories: Sequence[Category] = ()
    rows: Sequence[Imported] = ()
    after: int | None = None
    """The number of the last one shown, where more follow."""
    fault: str = ""
    status: int = HTTPStatus.OK
    words: dict[Outcome, Any] = field(default_factory=lambda: OUTCOMES)


@blueprint.get("/<slug>/queries")
@requires(Permission.AUTHOR)
def saved(slug: str) -> tuple[str, int]:
    """The saved queries, a page at a time, each with a verdict on it."""
    row = _away_from_us(slug)
    category = whole_number(request.args.get("category", ""))
    return _page(row, category, after=whole_number(request.args.get("after", "")))


@blueprint.post("/<slug>/queries")
@requires(Permission.AUTHOR)
def take(slug: str) -> Response | tuple[str, int]:
    """Make tasks of the chosen queries; a chosen one that changed since gives its task the text."""
    row = _away_from_us(slug)
    category = whole_number(request.form.get("category", ""))
    chosen = [number for one in request.form.getlist("number") if (number := _number(one))]
    converted, fault = _asked(row, chosen[:PAGE])
    if fault:
        return _page(row, category, fault=fault)
    _tell(_import(row, converted))
    return redirect(url_for("sources.saved", slug=slug, category=category), 303)


def sentence(problem: Problem) -> str:
    """Say what is wrong with a query, or what is changed in it."""
    template: str = gettext(problem.template)
    return template.format(**problem.values)


def _away_from_us(slug: str) -> Source:
    """Return the source; the transaction of the request is over, since a source is slow."""
    row = source_named(db.session(), slug)
    db.session.close()
    return row


def _number(text: str) -> int | None:
    """The key of a query; Business One's own queries have keys below zero."""
    number = whole_number(text.removeprefix("-"))
    return -number if number is not None and text.startswith("-") else number


def _asked(row: Source, numbers: Sequence[int]) -> tuple[list[Converted], str]:
    """Read the chosen queries again, or say why that cannot be."""
    if not numbers:
        return [], gettext("Choose the queries to take first.")
    try:
        with place_at_a_source():
            return _converted(row, queries(look_into(row), numbers=numbers)), ""
    except (Conflict, JobError, Invalid) as error:
        return [], say(error)


def _converted(row: Source, found: Sequence[SavedQuery]) -> list[Converted]:
    if not found:
        return []
    company = company_of(row)
    return [convert(one, company, Language(language())) for one in found]


def _page(
    row: Source, category: int | None, *, after: int | None = None, fault: str = ""
) -> tuple[str, int]:
    listing = _listing(row, category, after, fault)
    page = render_template("sources/queries/index.html", source=row, listing=listing, say=sentence)
    return page, listing.status


def _listing(row: Source, category: int | None, after: int | None, fault: str) -> Listing:
    """Read the list; where the source does not answer, only say why."""
    refused = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    try:
        with place_at_a_source():
            source = look_into(row)
            among = () if category is None else (category,)
            found = queries(source, among=among, after=after, most=PAGE + 1)
            known = categories(source)
            converted = _converted(row, found[:PAGE])
    except (Conflict, JobError, Invalid) as error:
        return Listing(category, fault=fault or say(error), status=refused)
    with reading() as session:
        rows = fates(session, converted, row)
    more = found[PAGE - 1].number if len(found) > PAGE else None
    return Listing(category, known, rows, more, fault, refused)


def _import(row: Source, converted: Sequence[Converted]) -> list[Imported]:
    how = Import(
        row, Language(language()), changed_by=actor(), owner_id=current_user.id, update=True
    )
    with transaction() as session:
        return import_queries(session, converted, how)


def _tell(imported: Sequence[Imported]) -> None:
    """Say how many tasks there are now, and which queries were left."""
    taken = sum(one.fate in TAKEN for one in imported)
    made = ngettext(
        "%(num)s task is made. It is switched off until you have looked at it.",
        "%(num)s tasks are made. They are switched off until you have looked at them.",
        taken,
    )
    if taken:
        flash(made, "success")
    for one in imported:
        if one.fate is Fate.CANNOT:
            name = one.converted.query.name
            flash(gettext("“%(name)s” was not taken.", name=name) + f" {told(one.why)}", "error")
    if not taken and all(one.fate is not Fate.CANNOT for one in imported):
        flash(gettext("These are tasks already, and nothing has changed."), "info")
