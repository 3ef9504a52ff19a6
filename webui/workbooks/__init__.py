"""Workbook templates: people's own Excel files, which reports fill."""

from flask import Blueprint

blueprint = Blueprint("workbooks", __name__, url_prefix="/workbooks")

from webui.workbooks import editing, views  # noqa: E402, F401 (they hang on the blueprint)
