"""Adding, changing and deleting sources: the password goes in and never comes out."""

import re
from datetime import time
from typing import Any

import pytest
from sqlalchemy import select

from tasks.db import reading, transaction
from tasks.encryption import decrypt
from tasks.models import LoginState, Role, Source, SourceKind, TaskVersion
from tests.support.factories import a_hana_source, a_source, a_task
from tests.web.calendars_support import a_calendar
from tests.web.conftest import Browser, LoginAs

SECRET = "Secret-2026"
HANA: dict[str, Any] = {
    "kind": "hana",
    "title": "Production",
    "address": "hana.company.local",
    "instance": "0",
    "user": "REPORTS",
    "password": SECRET,
    "schema": "SBODEMOTR",
    "encrypt": "on",
    "validate_certificate": "on",
    "connect_seconds": "10",
    "query_seconds": "600",
    "is_active": "on",
}
LOGO = {
    "kind": "sql",
    "title": "Logo",
    "url": "postgresql+psycopg://logo@db.company.local/tiger?sslmode=require",
    "password": SECRET,
    "connect_seconds": "10",
    "query_seconds": "60",
    "is_active": "on",
}
EDIT = "/sources/hana/edit"


@pytest.fixture
def admin(login_as: LoginAs) -> Browser:
    return login_as(Role.ADMIN)


def add(admin: Browser, **sent: Any) -> Any:
    page = f"/sources/new?kind={sent['kind']}"
    return admin.submit("/sources", page=page, **sent)


def the_source() -> Source:
    with reading() as session:
        return session.scalars(select(Source)).one()


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_an_administrator_adds_a_hana(admin: Browser) -> None:
    limits = {"max_running": "4", "quiet_from": "22:30", "quiet_to": "06:00"}
    answer = add(admin, **HANA, **limits, companies="SBODEMOTR\r\n\r\nSBODEMODE\r\nSBODEMOTR")
    assert (answer.status_code, answer.location) == (303, "/sources/production")
    source = the_source()
    assert (source.kind, source.max_running, source.version) == (SourceKind.HANA, 4, 1)
    assert (source.quiet_from, source.quiet_to) == (time(22, 30), time(6))
    assert source.companies == ["SBODEMOTR", "SBODEMODE"]
    assert (source.settings["instance"], source.settings["port"]) == (0, None)
    assert source.settings["encrypt"] is True
    assert decrypt(source.password_encrypted or "") == SECRET
    assert SECRET not in str(source.settings)
    assert "hana.company.local:30015" in admin.get("/sources/production").text


def test_an_administrator_adds_a_postgresql_and_a_file(admin: Browser) -> None:
    assert add(admin, **LOGO).location == "/sources/logo"
    assert "db.company.local:5432" in admin.get("/sources").text
    demo = {"kind": "duckdb", "title": "Demo", "file": "demo.duckdb", "schema": "SBODEMOTR"}
    assert add(admin, **demo).location == "/sources/demo"


def test_the_kinds_are_offered_and_others_do_not_exist(admin: Browser) -> None:
    page = admin.get("/sources/new").text
    assert all(f"kind={kind}" in page for kind in SourceKind)
    assert admin.get("/sources/new?kind=sqlite").status_code == 404
    token = admin.token("/sources/new?kind=hana")
    sent = {"csrf_token": token, "kind": "sqlite", "title": "x"}
    assert admin.post("/sources", data=sent).status_code == 404


@pytest.mark.parametrize(
    ("typed", "control", "sentence"),
    [
        ({"title": " "}, "title", "Give the source a name"),
        ({"slug": "Not so"}, "slug", "small letters"),
        ({"address": ""}, "address", "Fill this in"),
        ({"address": "db;key=x"}, "address", ""),
        ({"instance": "98"}, "instance", "too large"),
        ({"instance": ""}, "port", "either the port or the number"),
        ({"port": "x", "instance": ""}, "port", "not a whole number"),
        ({"password": ""}, "password", "Give the password"),
        ({"query_seconds": "0"}, "query_seconds", "too small"),
        ({"certificate": "/etc/shadow"}, "certificate", "BEGIN CERTIFICATE"),
        ({"max_running": "many"}, "max_running", "not a whole number"),
        ({"max_running": "0"}, "max_running", "from 1 to"),
        ({"quiet_from": "25:00"}, "quiet_from", "is no time"),
        ({"quiet_from": "22:00"}, "quiet_to", "Give both"),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "quiet_to", "are none"),
        ({"companies": 'A"B'}, "companies", "cannot be a schema"),
    ],
)
def test_an_error_stands_beside_its_field_and_the_password_does_not_come_back(
    admin: Browser, typed: dict[str, Any], control: str, sentence: str
) -> None:
    answer = add(admin, **(HANA | {"schema": "KEPT"} | typed))
    assert answer.status_code == 422
    beside = answer.text.split(f'id="error-{control}"')
    assert len(beside) == 2
    assert sentence in beside[1].split("</p>")[0]
    assert 'value="KEPT"' in answer.text
    assert SECRET not in answer.text
    with reading() as session:
        assert session.scalars(select(Source)).all() == []


@pytest.mark.parametrize(
    "typed",
    [
        {"url": LOGO["url"].replace("logo@", f"logo:{SECRET}@")},
        {"url": "sqlite:////etc/passwd"},
        {"url": LOGO["url"] + "&sslkey=/etc/passwd"},
    ],
)
def test_an_address_that_leads_to_a_file_or_holds_a_password_is_refused(
    admin: Browser, typed: dict[str, str]
) -> None:
    answer = add(admin, **(LOGO | typed))
    assert answer.status_code == 422
    assert 'id="error-url"' in answer.text


@pytest.mark.parametrize("file", ["../x.duckdb", "/etc/passwd", "a/b.duckdb", ".hidden", ""])
def test_a_file_outside_of_the_home_folder_cannot_be_named(admin: Browser, file: str) -> None:
    sent = {"kind": "duckdb", "title": "Demo", "file": file, "schema": "S"}
    assert 'id="error-file"' in add(admin, **sent).text


def test_two_sources_of_one_address_are_a_conflict(admin: Browser) -> None:
    a_source(slug="production")
    answer = add(admin, **HANA)
    assert answer.status_code == 409
    assert "There is a source “production” already" in answer.text


def test_an_empty_password_keeps_the_one_that_is_kept(admin: Browser) -> None:
    a_hana_source(30_015, password=SECRET)
    before = the_source()
    page = admin.get(EDIT).text
    assert "Set. Empty: it stays as it is." in page
    assert SECRET not in page
    assert (before.password_encrypted or "?") not in page
    sent = kept_settings(before) | {"title": "Renamed", "query_seconds": "30"}
    assert admin.submit(EDIT, **sent).status_code == 303
    after = the_source()
    assert (after.title, after.settings["query_seconds"]) == ("Renamed", 30)
    assert after.password_encrypted == before.password_encrypted
    assert after.login_version == before.login_version
    assert after.version == 2


@pytest.mark.parametrize("typed", [{"address": "evil.example"}, {"user": "SYSTEM"}, {"port": "99"}])
def test_a_kept_password_is_not_sent_to_another_place(
    admin: Browser, typed: dict[str, str]
) -> None:
    a_hana_source(30_015, password=SECRET)
    answer = admin.submit(EDIT, **(kept_settings(the_source()) | typed))
    assert answer.status_code == 422
    assert "Type the password again" in answer.text
    assert the_source().version == 1


def test_a_new_password_lets_the_source_be_asked_again(admin: Browser) -> None:
    a_hana_source(30_015, password="Old-2026")
    with transaction() as session:
        source = session.scalars(select(Source)).one()
        source.refusals, source.refused_because = 2, "HANA refuses."
    renamed = kept_settings(the_source()) | {"title": "Renamed"}
    admin.submit(EDIT, **renamed)
    assert the_source().login_state is LoginState.STOPPED
    assert admin.submit(EDIT, **renamed, password=SECRET).status_code == 303
    assert the_source().login_state is LoginState.UNTRIED
    assert decrypt(the_source().password_encrypted or "") == SECRET


def test_whoever_saves_later_is_told_and_may_save_again(admin: Browser) -> None:
    a_hana_source(30_015, password=SECRET)
    sent = kept_settings(the_source())
    opened = {"version": version_in(admin.get(EDIT).text)}
    assert admin.submit(EDIT, **(sent | opened | {"title": "Hers"})).status_code == 303
    answer = admin.submit(EDIT, **(sent | opened | {"title": "His"}))
    assert answer.status_code == 409
    assert "was changed by somebody else in the meantime" in answer.text
    assert the_source().title == "Hers"
    again = {"version": version_in(answer.text), "title": "His"}
    assert admin.submit(EDIT, **(sent | again)).status_code == 303
    assert the_source().title == "His"


def test_a_source_that_nothing_reads_can_be_deleted(admin: Browser) -> None:
    a_hana_source(30_015)
    answer = admin.submit("/sources/hana", page=EDIT, _method="DELETE")
    assert (answer.status_code, answer.location) == (303, "/sources")
    assert admin.get("/sources/hana").status_code == 404


def test_a_source_that_is_read_stays_and_its_readers_are_named(admin: Browser) -> None:
    a_hana_source(30_015)
    a_task("stock-daily", settings={"source": "hana"})
    a_calendar(source="hana")
    answer = admin.submit("/sources/hana", page=EDIT, _method="DELETE")
    assert answer.status_code == 409
    assert "is read by Stock Daily, Ours" in answer.text
    assert the_source().slug == "hana"


def test_no_version_of_a_task_holds_anything_of_its_source(admin: Browser) -> None:
    add(admin, **HANA)
    a_task(settings={"source": "production"})
    with reading() as session:
        versions = session.scalars(select(TaskVersion)).all()
    assert not any(SECRET in str(vars(one)) for one in versions)


def kept_settings(source: Source) -> dict[str, str]:
    """Return what the form of this source would send without a change."""
    sent = {name: "on" if value is True else str(value) for name, value in source.settings.items()}
    sent = {name: value for name, value in sent.items() if value not in ("None", "False")}
    return {"title": source.title, "is_active": "on", "query_seconds": "600"} | sent
