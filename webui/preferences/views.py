"""Switch the language and the theme; the answer leads back to the page that it came from."""

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import update

from tasks.db import transaction
from tasks.errors import Invalid
from tasks.models import User
from webui import i18n
from webui.addresses import safe, where_from
from webui.permissions import public
from webui.preferences import blueprint

THEME_COOKIE = "theme"
THEMES = ("light", "dark", "system")
A_YEAR = 365 * 86_400


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    chosen = _one_of(i18n.LANGUAGES, request.form.get("language", ""))
    if current_user.is_authenticated:
        with transaction() as session:
            session.execute(update(User).where(User.id == current_user.id).values(language=chosen))
    return _back_with(i18n.COOKIE, chosen)


@blueprint.post("/theme")
@public
def theme() -> ResponseReturnValue:
    return _back_with(THEME_COOKIE, _one_of(THEMES, request.form.get("theme", "")))


def _one_of(choices: tuple[str, ...] | dict[str, str], given: str) -> str:
    if given not in choices:
        raise Invalid("“{given}” is not one of {choices}.", given=given, choices=", ".join(choices))
    return given


def _back_with(cookie: str, value: str) -> ResponseReturnValue:
    answer = redirect(safe(request.form.get("next")) or where_from(), 303)
    secure = current_app.extensions["orchestrator"].cookie_secure
    answer.set_cookie(cookie, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=secure)
    return answer
