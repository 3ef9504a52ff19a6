"""The list of sources, one of them, and its test by a person."""

import re

import pytest

from tasks.db import reading, transaction
from tasks.models import LoginState, Role, Source
from tests.support.factories import a_hana_source, a_source, a_task
from tests.support.hana import OWNER, READER, Hana
from tests.web.calendars_support import a_calendar
from tests.web.conftest import Browser, LoginAs

PORT = 30_015
PAGE, TESTS = "/sources/hana", "/sources/hana/tests"
WRONG = "Wrong-2026"


@pytest.fixture
def admin(login_as: LoginAs) -> Browser:
    return login_as(Role.ADMIN)


def words_of(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def the_source() -> Source:
    with reading() as session:
        return session.query(Source).one()


def change(**values: object) -> None:
    with transaction() as session:
        source = session.query(Source).one()
        for name, value in values.items():
            setattr(source, name, value)


def test_without_sources_the_list_says_what_one_is(login_as: LoginAs) -> None:
    assert 'href="/sources/new"' in login_as(Role.ADMIN).get("/sources").text
    assert "An administrator can add one" in login_as(Role.OPERATOR).get("/sources").text


def test_the_list_tells_address_login_limits_and_readers(operator: Browser) -> None:
    a_hana_source(PORT, password=READER[1], max_running=3)
    a_source()
    for slug in ("one", "two"):
        a_task(slug, settings={"source": "hana"})
    rows = operator.get("/sources").text.split("<tbody>")[1].split("</tr>")
    demo, hana = (words_of(row) for row in rows[:2])
    assert demo == "Demo company DuckDB file demo.duckdb needs no login none no limit 0"
    address = f"127.0.0.1:{PORT} as REPORTS"
    assert hana == f"Production SAP HANA {address} Not tried yet none 3 2"


def test_a_page_tells_what_reads_the_source(operator: Browser) -> None:
    a_hana_source(PORT)
    a_task("stock-daily", settings={"source": "hana"})
    a_task("elsewhere")
    a_calendar(source="hana")
    page = operator.get(PAGE).text
    readers = words_of(page.split('id="readers"')[1].split("</section>")[0])
    assert readers.endswith("What reads it Stock Daily Task Ours Calendar")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Not tried yet"),
        ({"refusals": 1, "refused_because": "No."}, "Refused"),
        ({"refusals": 2, "refused_because": "No."}, "Not asked any more"),
        ({"is_active": False}, "Switched off"),
    ],
)
def test_the_state_of_a_login_is_a_word_and_its_reason_a_sentence(
    operator: Browser, values: dict[str, object], words: str
) -> None:
    a_hana_source(PORT)
    change(**values)
    card = operator.get(PAGE).text.split('id="login"')[1].split("</section>")[0]
    assert words in card
    assert ("No." in card) == bool(values.get("refusals"))
    assert ("refused 2 times" in card) == (values.get("refusals") == 2)
    assert words in operator.get("/sources").text


def test_a_test_tells_as_whom_where_and_how_fast(admin: Browser, hana: Hana) -> None:
    a_hana_source(hana.port, password=READER[1])
    answer = admin.submit(TESTS, page=PAGE)
    said = words_of(answer.text.split('id="login"')[1].split("</section>")[0])
    assert answer.status_code == 200
    assert re.search(r"Connected as REPORTS in [\d,]+ ms\.", said)
    for words in ("SAP HANA 2.00", "Schema SBODEMOTR", "Only reads yes"):
        assert words in said
    assert the_source().login_state is LoginState.PROVEN
    assert "Lets us in" in admin.get(PAGE).text


def test_a_test_names_the_rights_that_are_too_wide(admin: Browser, hana: Hana) -> None:
    source = a_hana_source(hana.port, password=OWNER[1])
    change(settings=source.settings | {"user": OWNER[0]})
    said = words_of(admin.submit(TESTS, page=PAGE).text)
    assert "Only reads no" in said
    assert re.search(r"DELETE.*INSERT.*UPDATE on SBODEMOTR", said)


def test_a_test_that_is_refused_says_why_and_shows_no_password(admin: Browser, hana: Hana) -> None:
    a_hana_source(hana.port, password=WRONG)
    answer = admin.submit(TESTS, page=PAGE)
    assert answer.status_code == 200
    assert "HANA refuses the user or the password" in words_of(answer.text)
    assert WRONG not in answer.text
    assert the_source().login_state is LoginState.REFUSED


def test_with_a_script_only_the_card_of_the_login_comes_back(admin: Browser, hana: Hana) -> None:
    a_hana_source(hana.port, password=READER[1])
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = admin.submit(TESTS, page=PAGE, headers=headers)
    assert answer.text.strip().startswith('<section class="card stack" id="login"')
    assert "<html" not in answer.text
    assert "Lets us in" in answer.text


def test_to_load_the_page_of_a_test_again_asks_nothing(operator: Browser) -> None:
    a_hana_source(PORT)
    answer = operator.get(TESTS)
    assert (answer.status_code, answer.location) == (303, PAGE)


def test_a_file_is_tested_too(admin: Browser, home: object) -> None:
    a_source("missing.duckdb", slug="hana")
    assert "The file of the source missing cannot be opened" in admin.submit(TESTS, page=PAGE).text


def test_who_may_see_and_who_may_test(login_as: LoginAs) -> None:
    a_hana_source(PORT)
    viewer, author = login_as(Role.VIEWER), login_as(Role.AUTHOR)
    assert viewer.get("/sources").status_code == 403
    assert 'href="/sources"' not in viewer.get("/").text
    assert 'href="/sources"' in author.get("/").text
    assert author.get(PAGE).status_code == 200
    assert 'id="test"' not in author.get(PAGE).text
    token = author.token("/tasks/new")
    for path in (TESTS, "/sources", f"{PAGE}/edit", PAGE):
        assert author.post(path, data={"csrf_token": token}).status_code == 403
    assert author.get("/sources/nothing").status_code == 404
