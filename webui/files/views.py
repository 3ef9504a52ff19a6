"""What a signed link leads to: the files of one delivery, for people without a login."""

from flask import make_response, render_template
from werkzeug.wrappers import Response

from tasks.clock import utcnow
from tasks.links import delivery_named
from tasks.models import Delivery
from tasks.queries.linked_files import delivery_with_task, file_of_delivery, files_of_delivery
from webui.database import db
from webui.files import blueprint
from webui.limits import limiter
from webui.permissions import public
from webui.sending import loaded

PER_ADDRESS = "120 per minute"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}


@blueprint.get("/files/<token>")
@public
@limiter.limit(PER_ADDRESS)
def index(token: str) -> Response:
    """The files that the link is for; to look at them loads none, as a mail's scanner does."""
    delivery = _delivery(token)
    files = files_of_delivery(db.session(), delivery) if delivery else ()
    if delivery is None or not files:
        return _nothing()
    return make_response(
        render_template("files/index.html", delivery=delivery, files=files, token=token)
    )


@blueprint.get("/files/<token>/<int:artifact_id>")
@public
@limiter.limit(PER_ADDRESS)
def file(token: str, artifact_id: int) -> Response:
    """One of the files, as a download in the name of the recipient."""
    delivery = _delivery(token)
    artifact = file_of_delivery(db.session(), delivery, artifact_id) if delivery else None
    if delivery is None or artifact is None:
        return _nothing()
    return loaded(artifact, actor=delivery.recipient, delivery=delivery)


@blueprint.after_request
def keep_to_themselves(response: Response) -> Response:
    """Let nobody keep, list or pass on what only the holder of the link may see."""
    response.headers.update(HEADERS)
    return response


def _delivery(token: str) -> Delivery | None:
    found = delivery_named(token, now=utcnow())
    return None if found is None else delivery_with_task(db.session(), found)


def _nothing() -> Response:
    """One answer for whatever is wrong, so that nobody learns by trying."""
    return make_response(render_template("files/nothing.html"), 404)
