"""The pages. `webui` shows `tasks`; nothing in `tasks` imports it."""

from importlib import import_module
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from tasks.errors import Invalid
from tasks.settings import Settings, settings
from webui import (
    compression,
    date_words,
    errors,
    htmx,
    i18n,
    limits,
    parameters,
    parts,
    people,
    permissions,
    policy,
    sessions,
    static_files,
    uploads,
    urls,
)
from webui.database import db

ROOT = Path(__file__).parents[1]
FEATURES = (
    "auth",
    "health",
    "preferences",
    "today",
    "tasks",
    "schedules",
    "calendars",
    "runs",
    "files",
    "account",
    "deliveries",
    "unsubscribe",
    "queues",
    "sources",
    "channels",
    "workbooks",
    "sql",
)
LARGEST_REQUEST = 4_000_000


class Application(Flask):
    """Flask, without its own record of an error that `webui.errors` records with a number."""

    def log_exception(self, _exc_info: object) -> None:
        """Say nothing."""


def create_app(current: Settings | None = None) -> Flask:
    """Put the application together; raises where a view does not say who may use it."""
    current = current or settings()
    app = Application(__name__, template_folder=ROOT / "templates", static_folder=None)
    _configure(app, current)
    if count := current.web_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, count, count, count)  # type: ignore[method-assign]
    uploads.init_app(app)
    urls.init_app(app)
    db.init_app(app)
    htmx.init_app(app)
    compression.init_app(app)
    policy.init_app(app, https_only=current.cookie_secure)
    sessions.init_app(app)
    i18n.init_app(app, current)
    date_words.init_app(app)
    parameters.init_app(app)
    parts.init_app(app)
    people.init_app(app)
    permissions.init_app(app)
    CSRFProtect(app)
    limits.init_app(app)
    errors.init_app(app)
    static_files.init_app(app, ROOT / "static")
    for feature in FEATURES:
        app.register_blueprint(import_module(f"webui.{feature}").blueprint)
    permissions.check_all_declared(app)
    return app


def _configure(app: Flask, current: Settings) -> None:
    key = current.secret_key.get_secret_value()
    if not key:
        raise Invalid("Set ORCHESTRATOR_SECRET_KEY to a long random text.")
    app.extensions["orchestrator"] = current
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.config.update(
        SECRET_KEY=key,
        SQLALCHEMY_DATABASE_URI=current.database,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session that it belongs to
    )
