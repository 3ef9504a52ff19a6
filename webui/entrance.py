"""What somebody meets who is not logged in, or no longer."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webui.addresses import safe, wanted, where_from
from webui.htmx import wants_fragment
from webui.kept_input import KeptInput


def ask_to_log_in() -> Response:
    """Lead to the login and back; what a form held is shown, to be sent once logged in."""
    if wants_fragment():
        return _fragment()
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("auth.login", next=safe(wanted())))
    sentence = gettext("Your login has ended, so nothing was saved yet.")
    page = render_template(
        "errors/kept.html",
        status=401,
        title=gettext("Log in again"),
        message=sentence,
        cure=gettext("Log in, in another tab, and then send this again."),
        kept=KeptInput.of_request(),
        login_url=url_for("auth.login", next=where_from()),
    )
    return make_response(page, 401)


def _fragment() -> Response:
    """Let the whole page go to the login."""
    answer = make_response("", 401)
    answer.headers["HX-Redirect"] = url_for("auth.login", next=where_from())
    return answer
