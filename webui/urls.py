"""Parts of addresses."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**63 - 1


class RowId(IntegerConverter):
    """A number that a key of a table can be; any larger one is no page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    """Let `<int:run_id>` be what a table can hold."""
    app.url_map.converters["int"] = RowId
