"""The list of sources, and one with who reads it."""

from flask import render_template

from tasks.queries.by_name import source_named
from tasks.queries.sources import source_overviews
from tasks.sources.editing import calendars_of, tasks_of
from webui.database import db
from webui.permissions import Permission, requires
from webui.sources import blueprint, words


@blueprint.get("")
@requires(Permission.OPERATE)
def index() -> str:
    """All sources, each with the state of its login and how many tasks read it."""
    return render_template(
        "sources/index.html", overviews=source_overviews(db.session()), words=words
    )


@blueprint.get("/<slug>")
@requires(Permission.OPERATE)
def show(slug: str) -> str:
    """One source: its login, its settings, and who reads it."""
    return page_of(slug)


def page_of(slug: str, trial: object = None) -> str:
    """Render the page of a source, with what a test that was just made said."""
    session = db.session()
    source = source_named(session, slug)
    return render_template(
        "sources/show.html",
        source=source,
        place=words.place(source),
        tasks=tasks_of(session, source),
        calendars=calendars_of(session, source),
        words=words,
        trial=trial,
    )
