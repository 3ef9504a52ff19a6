"""The page of the person who is logged in: address, language, letter of the week, password."""

from flask import Blueprint

blueprint = Blueprint("account", __name__, url_prefix="/account")

from webui.account import password, views  # noqa: E402, F401 (the views need the blueprint)
