"""Errors as answers: a sentence on a page, or in a fragment for htmx; nothing typed is lost."""

import secrets
from dataclasses import dataclass
from logging import getLogger

from flask import Flask, g, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from tasks.errors import Conflict, Forbidden, Invalid, JobError, NotFound, OrchestratorError
from tasks.links import without_token
from webui import sessions
from webui.htmx import wants_fragment
from webui.i18n import say
from webui.kept_input import KeptInput
from webui.outage import is_outage

log = getLogger(__name__)

STATUS = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, JobError: 502}
RETRY_AFTER_SECONDS = "10"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an error page says: what happened, and what to do."""

    status: int
    title: str
    message: str
    cure: str = ""
    kept: KeptInput | None = None


def init_app(app: Flask) -> None:
    """Answer each error by its kind."""
    app.register_error_handler(OrchestratorError, _expected)
    app.register_error_handler(CSRFError, _unproven)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(NoFreeConnection, _database)
    app.register_error_handler(InternalServerError, _unexpected)


def answer(trouble: Trouble) -> Response:
    """Render a trouble as a page, or as a notice for htmx that leaves the form alone."""
    if not wants_fragment():
        return make_response(render_template("errors/page.html", trouble=trouble), trouble.status)
    fragment = make_response(render_template("errors/_notice.html", trouble=trouble))
    fragment.status_code = trouble.status
    fragment.headers["HX-Retarget"] = "#notices"
    fragment.headers["HX-Reswap"] = "innerHTML"
    return fragment


def _expected(error: OrchestratorError) -> Response:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    titles = {
        403: gettext("Not allowed"),
        404: gettext("Not found"),
        409: gettext("Not possible any more"),
        422: gettext("This cannot be taken"),
    }
    kept = KeptInput.of_request() if status == 422 else None
    return answer(Trouble(status, titles.get(status, gettext("It failed")), say(error), kept=kept))


def _unproven(_error: CSRFError) -> Response:
    return answer(
        Trouble(
            400,
            gettext("Please send this once more"),
            gettext("The page was too old to be sent safely, so nothing was saved yet."),
            gettext("Look through what you typed, and send it again."),
            KeptInput.of_request(),
        )
    )


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    told = {
        404: (gettext("Not found"), gettext("There is no such page.")),
        405: (gettext("Not possible"), gettext("This address does not take that.")),
        413: (gettext("Too large"), gettext("That is more than can be sent at once.")),
        429: (gettext("Too many tries"), gettext("Wait a minute, and try again.")),
    }
    title, message = told.get(
        error.code, (gettext("Not possible"), gettext("The request could not be understood."))
    )
    response = answer(Trouble(error.code, title, message))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _database(error: SQLAlchemyError) -> Response:
    """Answer 503 where the database cannot be reached; any other error of SQL is our mistake."""
    if not is_outage(error):
        return _unexpected(InternalServerError(original_exception=error))
    log.error("database is away", extra={"why": str(getattr(error, "orig", error))})
    _reuse_token()
    response = answer(
        Trouble(
            503, gettext("The database does not answer"), *_outage(error), KeptInput.of_request()
        )
    )
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _outage(error: SQLAlchemyError) -> tuple[str, str]:
    """Return what an outage means for this request, and what to do."""
    if request.method in ("GET", "HEAD"):
        message = gettext("The database does not answer, so there is nothing to show.")
        return message, gettext("Wait a moment, and load the page again.")
    cure = gettext("What you typed is below. Wait a moment, and send it again.")
    if error is sessions.trouble():  # the request went no further
        return gettext("The database does not answer, so nothing was saved."), cure
    return gettext("The database does not answer, so this may not have been saved."), cure


def _reuse_token() -> None:
    """Let forms carry the token that came, since the session may be unable to make another."""
    came = request.form.get("csrf_token") or request.headers.get("X-CSRFToken")
    if came:
        g.csrf_token = came  # where flask-wtf keeps the token of a request


def _unexpected(error: InternalServerError) -> Response:
    cause = error.original_exception or error
    if isinstance(cause, SQLAlchemyError) and is_outage(cause):
        return _database(cause)
    error_id = secrets.token_hex(4)
    log.error(
        "request failed",
        extra={"error_id": error_id, "method": request.method, "path": without_token(request.path)},
        exc_info=cause,
    )
    return answer(
        Trouble(
            500,
            gettext("That should not have happened"),
            gettext("The error is written down as %(id)s.", id=error_id),
            gettext("Try it once more. If it fails again, give this number to an administrator."),
            KeptInput.of_request(),
        )
    )
