"""Log in and out."""

from logging import getLogger

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import RequestLimit
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError

from tasks.accounts import authenticate
from webui.addresses import safe
from webui.auth import blueprint
from webui.auth.forms import LoginForm
from webui.database import db
from webui.limits import PER_ADDRESS, PER_LOGIN, address_and_login, limiter
from webui.people import Person
from webui.permissions import public
from webui.sessions import begin_anew, end

log = getLogger(__name__)


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(_goal())
    return _page(LoginForm())


@blueprint.post("/login")
@public
@limiter.limit(PER_ADDRESS, on_breach=lambda limit: _too_often(limit))
@limiter.limit(
    PER_LOGIN,
    key_func=address_and_login,
    on_breach=lambda limit: _too_often(limit),
    deduct_when=lambda answer: answer.status_code == 422,  # a right password is no try
)
def log_in() -> ResponseReturnValue:
    form = LoginForm.of_request()
    user = authenticate(db.session(), form.login, form.password)
    if user is None:
        log.warning("login refused", extra={"address": request.remote_addr})
        return _page(form.refuse()), 422
    log.info("logged in", extra={"login": user.login, "address": request.remote_addr})
    begin_anew()
    login_user(Person.of(user))
    return redirect(_goal(), 303)


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    logout_user()
    end()
    return redirect(url_for("auth.login"), 303)


@blueprint.errorhandler(CSRFError)
def too_old(_error: CSRFError) -> ResponseReturnValue:
    form = LoginForm.of_request()
    form.errors[""] = gettext("The page was too old to be sent safely. Please send it once more.")
    return _page(form), 400


def _goal() -> str:
    return safe(request.values.get("next")) or url_for("today.index")


def _page(form: LoginForm) -> str:
    goal = safe(request.values.get("next")) or ""
    return render_template("auth/login.html", form=form, goal=goal)


def _too_often(_limit: RequestLimit) -> Response:
    form = LoginForm.of_request()
    form.errors[""] = gettext("Too many tries. Wait a minute, and try again.")
    return Response(_page(form), 429, content_type="text/html; charset=utf-8")
