"""Who may do what, and the headers that browsers hold us to."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tasks.models import Role
from tasks.settings import Settings, settings
from tests.support.factories import a_run, a_schedule, a_task
from tests.web.conftest import Browser, LoginAs
from webui import create_app
from webui.permissions import LEAST_ROLE, MARK, PUBLIC, Permission, check_all_declared

PUBLIC_VIEWS = {
    "auth.login",
    "auth.log_in",
    "auth.logout",
    "files.file",
    "files.index",
    "health.alive",
    "health.ready",
    "health.figures",
    "preferences.language",
    "preferences.theme",
    "static",
    "unsubscribe.ask",
    "unsubscribe.return_to_mails",
    "unsubscribe.stop_mails",
}
VALUES = {"slug": "a-report", "filename": "css/base.css", "what": "check"}


@pytest.fixture
def things(sqlite_database: str) -> None:
    """A task, a run and a schedule, each with the id 1."""
    task = a_task()
    a_run(task)
    a_schedule(task, enabled=False)


def _requests(app: Flask) -> list[tuple[str, str, str]]:
    """Return method, path and endpoint of all that can be asked."""
    adapter = app.url_map.bind("localhost")
    return [
        (method, adapter.build(rule.endpoint, _values(rule), method=method), rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def _values(rule: Rule) -> dict[str, object]:
    return {name: VALUES.get(name, 1) for name in rule.arguments}


def test_only_these_views_are_public(app: Flask) -> None:
    views = app.view_functions.items()
    assert {name for name, view in views if getattr(view, MARK) == PUBLIC} == PUBLIC_VIEWS


def test_a_view_without_a_permission_stops_the_start(app: Flask) -> None:
    app.view_functions["forgotten"] = lambda: "secret"
    with pytest.raises(RuntimeError, match="forgotten"):
        check_all_declared(app)


@pytest.mark.usefixtures("things")
def test_a_guest_is_sent_to_the_login_by_all_that_is_not_public(
    app: Flask, client: Browser
) -> None:
    for method, path, endpoint in _requests(app):
        if endpoint not in PUBLIC_VIEWS:
            answer = client.open(path, method=method)
            expected = 302 if method == "GET" else 401
            assert answer.status_code == expected, (method, path)


@pytest.mark.usefixtures("things")
@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_its_permissions_say(
    app: Flask, login_as: LoginAs, role: Role
) -> None:
    browser = login_as(role)
    for method, path, endpoint in _requests(app):
        permission = getattr(app.view_functions[endpoint], MARK)
        if permission == PUBLIC:
            continue
        # Without a token nothing is done; what is refused for the role is refused before.
        status = browser.open(path, method=method).status_code
        if role.includes(LEAST_ROLE[permission]):
            assert status not in (401, 403, 500), (method, path, status)
            assert method == "GET" or status == 400, (method, path, status)
        else:
            assert status == 403, (method, path, status)


def test_each_permission_belongs_to_one_role() -> None:
    assert [LEAST_ROLE[permission] for permission in Permission] == list(Role)


@pytest.mark.parametrize("token", [None, "", "made up", "IjAi.x.y"])
def test_a_form_without_its_token_is_refused(login_as: LoginAs, token: str | None) -> None:
    browser = login_as(Role.VIEWER)
    data = {"theme": "dark"} | ({} if token is None else {"csrf_token": token})
    assert browser.post("/preferences/theme", data=data).status_code == 400
    assert browser.get_cookie("theme") is None


def test_the_token_of_another_session_is_refused(login_as: LoginAs) -> None:
    token = login_as(Role.VIEWER, "mehmet").token("/health")
    browser = login_as(Role.VIEWER, "ayse")
    data = {"theme": "dark", "csrf_token": token}
    assert browser.post("/preferences/theme", data=data).status_code == 400


def test_htmx_sends_the_token_as_a_header(login_as: LoginAs) -> None:
    browser = login_as(Role.VIEWER)
    headers = {"X-CSRFToken": browser.token("/health")}
    answer = browser.post("/preferences/theme", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize("path", ["/login", "/nowhere", "/healthz", "/static/css/base.css"])
def test_every_answer_carries_the_policy(client: Browser, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_pages_hold_no_inline_script_and_no_inline_style(login_as: LoginAs) -> None:
    text = login_as(Role.ADMIN).get("/health").text
    assert " style=" not in text
    assert "<style" not in text
    assert "hx-on" not in text
    assert text.count("<script") == text.count("<script src=")


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(client: Browser) -> None:
    cookie = client.get("/login").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


@pytest.mark.usefixtures("sqlite_database")
def test_behind_https_the_cookie_is_secure_and_browsers_stay_with_https() -> None:
    secure = Settings(**(settings().model_dump() | {"cookie_secure": True}))
    answer = create_app(secure).test_client().get("/login")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize(("proxies", "status"), [(0, 403), (1, 200)])
def test_an_address_that_a_proxy_tells_is_believed_only_where_one_stands(
    proxies: int, status: int
) -> None:
    chosen = Settings(**(settings().model_dump() | {"web_proxies": proxies}))
    client = create_app(chosen).test_client()
    proxied = {"X-Forwarded-For": "127.0.0.1"}
    answer = client.get("/metrics", headers=proxied, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == status


@pytest.mark.usefixtures("home")
def test_the_start_is_refused_without_a_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORCHESTRATOR_SECRET_KEY")
    with pytest.raises(Exception, match="ORCHESTRATOR_SECRET_KEY"):
        create_app(Settings())


def test_pages_are_kept_by_nobody_and_told_apart_by_htmx(client: Browser) -> None:
    answer = client.get("/login", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"HX-Request", "HX-Request-Type", "Accept-Encoding"} <= set(answer.vary)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert b"<!DOCTYPE html>" in gzip.decompress(answer.data)
    assert answer.content_length == len(answer.data)


def test_a_versioned_static_file_is_kept_for_ever_and_any_other_asked_for_again(
    app: Flask, client: Browser
) -> None:
    with app.test_request_context():
        address = app.jinja_env.globals["asset"]("css/base.css")  # type: ignore[operator]
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/css/base.css?v=0").headers["Cache-Control"] == "no-cache"
    same = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304


def test_a_static_file_comes_compressed_to_whoever_takes_that(client: Browser) -> None:
    plain = client.get("/static/css/base.css")
    zipped = client.get("/static/css/base.css", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in plain.vary


def test_a_text_that_no_database_takes_is_refused(client: Browser) -> None:
    assert client.get("/login?next=%00").status_code == 400
    assert client.get("/tasks/%00").status_code == 400
    assert client.submit("/login", login="a\0b", password="x").status_code == 400


@pytest.mark.parametrize(
    "path", ["../pyproject.toml", "%2e%2e/pyproject.toml", "css", "/etc/passwd"]
)
def test_static_files_come_from_their_folder_only(client: Browser, path: str) -> None:
    assert client.get(f"/static/{path}").status_code in (301, 308, 404)


def test_a_template_that_forgets_an_input_fails(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), pytest.raises(Exception, match="nowhere_defined"):
        app.jinja_env.from_string("{{ nowhere_defined }}").render()
