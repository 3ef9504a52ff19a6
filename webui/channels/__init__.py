"""Channels: the ways on which files reach people beside the installation's own mail server."""

from flask import Blueprint

blueprint = Blueprint("channels", __name__, url_prefix="/channels")

from webui.channels import (  # noqa: E402 (they hang on the blueprint)
    editing,  # noqa: F401
    testing,  # noqa: F401
    views,  # noqa: F401
)
