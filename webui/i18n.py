"""The language and the time zone of a request, and the sentences of errors in that language."""

from flask import Flask, current_app, has_request_context, request
from flask_babel import Babel, get_domain, get_locale, gettext
from flask_login import current_user
from markupsafe import Markup

from tasks.errors import OrchestratorError
from tasks.settings import Settings
from webui import filters, retelling

LANGUAGES = {"en": "English", "tr": "Türkçe"}
COOKIE = "language"


def init_app(app: Flask, current: Settings) -> None:
    """Choose language and zone for each request, and give templates the filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{app.root_path}/../translations"
    app.config["BABEL_DEFAULT_LOCALE"] = current.language
    app.config["BABEL_DEFAULT_TIMEZONE"] = current.timezone
    Babel(app, locale_selector=language_of_request)
    filters.init_app(app)
    retelling.init_app(app)
    app.jinja_env.globals["ngettext"] = counted
    app.jinja_env.globals["zone_name"] = current.timezone
    app.jinja_env.globals["languages"] = LANGUAGES
    app.jinja_env.globals["language"] = language


def counted(singular: str, plural: str, num: int, **words: object) -> Markup:
    """Say how many in a template, with the number as the language writes it."""
    sentence = get_domain().get_translations().ungettext(singular, plural, num)
    return Markup(sentence) % (words | {"num": filters.number(num)})  # noqa: S704 (a sentence of ours)


def language() -> str:
    """The language of this request: `en` or `tr`."""
    locale = get_locale()
    return "en" if locale is None else str(locale.language)


def language_of_request() -> str:
    """Choose by the user's setting, else the cookie, else the browser, else the installation."""
    current: Settings = current_app.extensions["orchestrator"]
    if not has_request_context():
        return current.language
    wished = (getattr(current_user, "language", None), request.cookies.get(COOKIE))
    chosen = next((one for one in wished if one in LANGUAGES), None)
    return chosen or request.accept_languages.best_match(list(LANGUAGES)) or current.language


def say(error: OrchestratorError) -> str:
    """Return the sentence of an error in the language of this request."""
    sentence: str = gettext(error.template)
    return sentence.format(**retelling.values_told(error.values)) if error.values else sentence
