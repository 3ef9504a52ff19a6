"""The page of the parts, and the three addresses that machines ask."""

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from tasks.clock import utcnow
from tasks.errors import Forbidden
from tasks.queries.health import health
from tasks.queries.measures import measures
from webui.database import db
from webui.health import blueprint, metrics
from webui.outage import is_outage
from webui.permissions import Permission, public, requires


@blueprint.get("/health")
@requires(Permission.SEE)
def index() -> ResponseReturnValue:
    session, now = db.session(), utcnow()
    return render_template(
        "health/index.html", health=health(session, now), measures=measures(session, now)
    )


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    try:
        parts = {part.name: part.ok for part in health(db.session(), utcnow()).parts}
    except SQLAlchemyError as error:
        if not is_outage(error):
            raise
        parts = {"database": False}
    return jsonify(parts), 200 if all(parts.values()) else 503


@blueprint.get("/metrics")
@public
def figures() -> ResponseReturnValue:
    if not metrics.may_read():
        raise Forbidden("The figures are only for this machine and for those with the token.")
    found = metrics.as_text(measures(db.session(), utcnow()))
    return Response(found, content_type=metrics.MEDIA_TYPE)
