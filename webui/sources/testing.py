"""The test of a source by a person: does it let us in, and may we do more than read?"""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from tasks.errors import JobError
from tasks.models import Source
from tasks.queries.by_name import source_named
from tasks.sources.testing import Tested, try_source
from webui.database import db
from webui.htmx import wants_fragment
from webui.i18n import say
from webui.permissions import Permission, requires
from webui.sources import blueprint, words
from webui.sources.views import page_of


@dataclass(frozen=True, slots=True)
class Trial:
    """How a test ended: what was found, or the sentence of what is wrong."""

    found: Tested | None = None
    fault: str = ""


@blueprint.post("/<slug>/tests")
@requires(Permission.ADMIN)
def test(slug: str) -> str:
    """Log in to the source now, whatever became of the login before, and tell what was found."""
    source = source_named(db.session(), slug)
    db.session.close()  # a source is not asked while a transaction of ours is open
    trial = _tried(source)
    if not wants_fragment():
        return page_of(slug, trial)
    source = source_named(db.session(), slug)
    return render_template("sources/_login.html", source=source, trial=trial, words=words)


@blueprint.get("/<slug>/tests")
@requires(Permission.OPERATE)
def tests(slug: str) -> Response:
    """Whoever loads the page of a test again sees the source; nothing is asked."""
    return redirect(url_for("sources.show", slug=slug), 303)


def _tried(source: Source) -> Trial:
    try:
        return Trial(found=try_source(source, asked=True))
    except JobError as error:
        return Trial(fault=say(error))
