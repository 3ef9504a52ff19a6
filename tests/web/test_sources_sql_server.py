"""The pages of a source that is a SQL Server: its name, its test, and what the test warns of."""

from collections.abc import Iterator

import pytest

from tasks.models import Role
from tests.mssql.conftest import Place, rights
from tests.web.conftest import Browser, LoginAs


@pytest.fixture
def place() -> Iterator[Place]:
    made = Place()
    made.answers(rights)
    yield made
    made.server.close()


@pytest.fixture
def admin(login_as: LoginAs) -> Browser:
    return login_as(Role.ADMIN)


def add(admin: Browser, place: Place, **typed: str) -> str:
    sent = {"kind": "sql", "title": "Logo", "url": place.url(), "schema": "dbo"}
    sent |= {"password": "Reader-2026", "is_active": "on", **typed}
    sent["csrf_token"] = admin.token("/sources/new?kind=sql")
    return admin.post("/sources", data=sent).location


def test_it_is_called_by_its_name(admin: Browser, place: Place) -> None:
    assert add(admin, place) == "/sources/logo"
    for page in ("/sources", "/sources/logo"):
        text = admin.get(page).text
        assert "SQL Server" in text
        assert "PostgreSQL" not in text


def test_its_test_says_that_only_the_rights_keep_it_safe(admin: Browser, place: Place) -> None:
    add(admin, place)
    token = admin.token("/sources/logo")
    page = admin.post("/sources/logo/tests", data={"csrf_token": token}).text
    assert "Connected as logo_reader" in page
    assert "SQL Server 16.0.1000.6" in page
    assert "by the role db_owner" in page
    assert "only the rights of the user keep it safe" in page
    assert "Reports read in transactions that cannot write" not in page


def test_a_wrong_password_is_told_and_not_shown(admin: Browser, place: Place) -> None:
    add(admin, place, password="Guess-2026")
    token = admin.token("/sources/logo")
    page = admin.post("/sources/logo/tests", data={"csrf_token": token}).text
    assert "Login failed for user &#39;logo_reader&#39;" in page
    assert "Guess-2026" not in page
