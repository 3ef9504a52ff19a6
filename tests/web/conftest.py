"""A browser of sorts: a client for a guest, and for a user of each role."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from werkzeug.test import TestResponse

from tasks import accounts
from tasks.accounts import create_user
from tasks.db import transaction
from tasks.models import Role
from webui import create_app

CHECKOUT = Path(__file__).parents[2]
PASSWORD = "correct horse battery"
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')

QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""The real one takes a tenth of a second, on purpose."""

LoginAs = Callable[..., "Browser"]


class Browser(FlaskClient):
    """Flask's client, with what a page in a browser does: it sends the page's CSRF token."""

    def token(self, path: str = "/login") -> str:
        """Return the CSRF token that a page holds."""
        found = TOKEN.search(self.get(path).data)
        assert found is not None, f"{path} holds no form"
        return found[1].decode()

    def submit(self, path: str, *, page: str | None = None, **fields: Any) -> TestResponse:
        """Post a form as from the page; without one, from the page at the path itself."""
        headers = fields.pop("headers", {})
        token = self.token(page or path)
        return self.post(path, data={"csrf_token": token} | fields, headers=headers)

    def log_in(self, login: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        """Send the form of the login page."""
        return self.submit("/login", login=login, password=password, **fields)


@pytest.fixture(scope="session", autouse=True)
def _compiled_catalogues() -> None:
    """Compile the catalogues that changed since they were compiled."""
    for source in (CHECKOUT / "translations").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as words, target.open("wb") as compiled:
                write_mo(compiled, read_po(words))


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates that the applications of all tests share once they are compiled."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    sqlite_database: str,
    compiled_templates: FileSystemBytecodeCache,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    """The application over a database of its own."""
    monkeypatch.setattr(accounts, "HASHER", QUICK_HASHER)
    accounts._nobodys_hash.cache_clear()
    application = create_app()
    application.test_client_class = Browser
    application.jinja_env.bytecode_cache = compiled_templates
    return application


@pytest.fixture
def client(app: Flask) -> Browser:
    """A guest's browser."""
    return _browser(app)


@pytest.fixture
def login_as(app: Flask) -> LoginAs:
    """`login_as(Role.VIEWER)` returns the browser of a user of that role, logged in."""

    def logged_in(role: Role, login: str | None = None) -> Browser:
        name = login or role.value
        with transaction() as session:
            create_user(session, name, PASSWORD, role, full_name=name.title())
        browser = _browser(app)
        assert browser.log_in(name).status_code == 303
        return browser

    return logged_in


@pytest.fixture
def viewer(login_as: LoginAs) -> Browser:
    return login_as(Role.VIEWER)


@pytest.fixture
def operator(login_as: LoginAs) -> Browser:
    return login_as(Role.OPERATOR)


@pytest.fixture
def editor(login_as: LoginAs) -> Browser:
    return login_as(Role.EDITOR)


def _browser(app: Flask) -> Browser:
    browser = app.test_client()
    assert isinstance(browser, Browser)
    return browser
