"""What the SQL editor completes: the names of a source's tables and columns."""

from flask import Blueprint

blueprint = Blueprint("sql", __name__, url_prefix="/sql")

from webui.sql import views  # noqa: E402, F401 (they hang on the blueprint)
