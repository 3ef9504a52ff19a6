"""The page that a mail leads to for whoever does not want it any more."""

from flask import make_response, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tasks.db import transaction
from tasks.unsubscribing import Reader, come_back, has_stopped, reader_named, stop, task_of
from webui.database import db
from webui.limits import limiter
from webui.permissions import public
from webui.unsubscribe import blueprint

PER_ADDRESS = "60 per minute"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


@blueprint.get("/<token>")
@public
@limiter.limit(PER_ADDRESS)
def ask(token: str) -> Response:
    """Ask first: a mail's scanner looks at every address that stands in it."""
    return _page(token)


@blueprint.post("/<token>")
@public
@limiter.limit(PER_ADDRESS)
def stop_mails(token: str) -> Response:
    """Stop the mails, from the page or with the one click of RFC 8058."""
    with transaction() as session:
        if (reader := _reader(session, token)) is not None:
            stop(session, reader)
    return _page(token)


@blueprint.post("/<token>/return")
@public
@limiter.limit(PER_ADDRESS)
def return_to_mails(token: str) -> Response:
    """Let the mails come again."""
    with transaction() as session:
        if (reader := _reader(session, token)) is not None:
            come_back(session, reader)
    return _page(token)


@blueprint.after_request
def keep_to_themselves(response: Response) -> Response:
    """Let nobody keep, list or pass on an address that stops somebody's mails."""
    response.headers.update(HEADERS)
    return response


def _reader(session: Session, token: str) -> Reader | None:
    """Return whom the token names, where the task is still there."""
    reader = reader_named(token)
    return reader if reader is not None and task_of(session, reader) is not None else None


def _page(token: str) -> Response:
    """Say how it stands; one answer for whatever is wrong, so that nobody learns by trying."""
    session, reader = db.session(), reader_named(token)
    task = None if reader is None else task_of(session, reader)
    if reader is None or task is None:
        return make_response(render_template("files/nothing.html"), 404)
    stopped = has_stopped(session, reader)
    page = {"token": token, "reader": reader, "task_title": task.title, "stopped": stopped}
    return make_response(render_template("unsubscribe/page.html", **page))
