"""What addresses and forms may hold."""

from itertools import chain

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**63 - 1
NUL = "\0"


class RowId(IntegerConverter):
    """A number that a key of a table can be; any larger one is no page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    """Let `<int:run_id>` be what a table can hold, and texts what PostgreSQL can."""
    app.url_map.converters["int"] = RowId
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    given = (values for field in (request.args, request.form) for values in field.listvalues())
    if NUL in request.path or any(NUL in value for value in chain.from_iterable(given)):
        abort(400)
