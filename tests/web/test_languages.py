"""Two languages: which one is chosen, how values are written, and that no sentence is missing."""

import html
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from babel.messages.catalog import Catalog
from flask import Flask
from sqlalchemy import select

from tasks.db import reading
from tasks.errors import ErrorKind, Invalid
from tasks.models import Role, RunState, User
from tests.support.factories import a_run
from tests.web.conftest import Browser, LoginAs
from tools.translations import catalogues, extract, untranslated
from webui import filters
from webui.i18n import LANGUAGES, say

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)s|(?<!\{)\{[\w:]+\}(?!\})|\{\{\{\w+\}\}\}")

CATALOGUES = {path.parts[-3]: catalog for path, catalog in catalogues()}


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    """What the code and the templates say now."""
    return extract()


def _ids(catalog: Catalog) -> set[object]:
    return {message.id for message in catalog if message.id}


def test_each_language_but_english_has_a_catalogue() -> None:
    assert {"en", *CATALOGUES} == set(LANGUAGES)


@pytest.mark.parametrize("language", CATALOGUES)
def test_no_sentence_is_missing_or_out_of_date(language: str, sentences: Catalog) -> None:
    told, known = _ids(sentences), _ids(CATALOGUES[language])
    assert sorted(map(str, told - known)) == [], "run make translations"
    assert sorted(map(str, known - told)) == [], "run make translations"


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_sentence_is_translated(language: str) -> None:
    assert untranslated(CATALOGUES[language]) == []


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_translation_has_the_placeholders_of_its_sentence(language: str) -> None:
    for message in CATALOGUES[language]:
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[-1]
            string = message.string or ""
            target = string if isinstance(string, str) else string[-1]
            assert set(PLACEHOLDER.findall(source)) == set(PLACEHOLDER.findall(target)), source


def test_a_guest_gets_the_language_of_the_browser(client: Browser) -> None:
    assert 'lang="en"' in client.get("/login").text
    page = client.get("/login", headers={"Accept-Language": "tr-TR,tr;q=0.9,en;q=0.5"}).text
    assert 'lang="tr"' in page
    assert "Giriş yap" in page


def test_another_language_falls_back_to_the_one_of_the_installation(client: Browser) -> None:
    assert 'lang="en"' in client.get("/login", headers={"Accept-Language": "ja"}).text


def test_a_switch_of_the_language_leads_back_and_is_remembered(client: Browser) -> None:
    headers = {"Referer": "http://localhost/login?next=/health"}
    answer = client.submit("/preferences/language", page="/login", language="tr", headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/health")
    assert "Giriş yap" in client.get("/login").text


def test_a_user_keeps_the_language_in_every_browser(login_as: LoginAs, client: Browser) -> None:
    browser = login_as(Role.VIEWER, "ayse")
    browser.submit("/preferences/language", page="/health", language="tr")
    with reading() as session:
        assert session.scalars(select(User.language)).one() == "tr"
    client.log_in("ayse")
    assert 'lang="tr"' in client.get("/health").text


def test_a_switch_made_before_the_login_is_kept(login_as: LoginAs, client: Browser) -> None:
    login_as(Role.VIEWER, "ayse")
    client.submit("/preferences/language", page="/login", language="tr")
    client.log_in("ayse")
    assert 'lang="tr"' in client.get("/health").text


@pytest.mark.parametrize("language", ["", "de", "../en"])
def test_an_unknown_language_is_refused(client: Browser, language: str) -> None:
    answer = client.submit("/preferences/language", page="/login", language=language)
    assert answer.status_code == 422
    assert client.get_cookie("language") is None


def test_a_theme_is_on_the_page_before_it_is_drawn(client: Browser) -> None:
    assert "data-theme" not in client.get("/login").text.split(">")[1]
    client.submit("/preferences/theme", page="/login", theme="dark")
    assert 'data-theme="dark"' in client.get("/login").text


def test_a_referrer_of_another_site_leads_to_the_first_page(client: Browser) -> None:
    headers = {"Referer": "https://evil.example/login"}
    answer = client.submit("/preferences/theme", page="/login", theme="dark", headers=headers)
    assert answer.headers["Location"] == "/"


def test_an_error_is_said_in_the_language_of_the_request(app: Flask) -> None:
    error = Invalid("There is no job “{name}”.", field="job", name="50 % {x}")
    with app.test_request_context(headers={"Accept-Language": "tr"}):
        assert say(error) == "“50 % {x}” adında bir iş yok."
    with app.test_request_context():
        assert say(error) == "There is no job “50 % {x}”."


def _written(app: Flask, language: str, name: str, value: object) -> str:
    with app.test_request_context(headers={"Accept-Language": language}):
        text: str = getattr(filters, name)(value)
        return re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize(
    ("name", "value", "en", "tr"),
    [
        ("duration", 0, "0 s", "0 sn"),
        ("duration", 0.42, "0.4 s", "0,4 sn"),
        ("duration", 9.96, "10 s", "10 sn"),
        ("duration", 59.6, "1 m 0 s", "1 dk 0 sn"),
        ("duration", timedelta(seconds=146), "2 m 26 s", "2 dk 26 sn"),
        ("duration", 11_130, "3 h 5 m", "3 sa 5 dk"),
        ("duration", 187_200, "2 d 4 h", "2 g 4 sa"),
        ("duration", -3, "0 s", "0 sn"),
        ("duration", None, "–", "–"),
        ("number", 1_234_567, "1,234,567", "1.234.567"),
        ("number", 1234.5, "1,234.5", "1.234,5"),
        ("percent", 0.9351, "93.5%", "%93,5"),
        ("percent", 1, "100%", "%100"),
        ("filesize", 0, "0 byte", "0 bayt"),
        ("filesize", 1_500, "1.5 kB", "1,5 kB"),
        ("filesize", 123_456_789, "123 MB", "123 MB"),
        ("day", date(2026, 3, 16), "Monday, 16 March 2026", "16 Mart 2026 Pazartesi"),
    ],
)
def test_values_are_written_as_the_language_does(
    app: Flask, name: str, value: object, en: str, tr: str
) -> None:
    assert _written(app, "en", name, value) == en
    assert _written(app, "tr", name, value) == tr


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 row"),
        ("en", 1_600, "1,600 rows"),
        ("tr", 1, "1 satır"),
        ("tr", 1_600, "1.600 satır"),
    ],
)
def test_a_page_counts_in_the_numbers_of_the_language(
    app: Flask, language: str, count: int, said: str
) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        template = app.jinja_env.from_string("{{ ngettext('%(num)s row', '%(num)s rows', count) }}")
        assert template.render(count=count) == said


def test_what_a_page_counts_brings_no_markup(app: Flask) -> None:
    with app.test_request_context():
        template = app.jinja_env.from_string(
            "{{ ngettext('%(who)s', '%(num)s, %(who)s', 2, who=who) }}"
        )
        assert template.render(who="<b>") == "2, &lt;b&gt;"


def test_an_instant_is_written_in_the_zone_of_the_installation(app: Flask) -> None:
    written = _written(app, "en", "instant", NOW)
    assert written == (
        '<time datetime="2026-03-16T09:00:00+00:00" title="16 Mar 2026 12:00:00">'
        "16 Mar 2026 12:00</time>"
    )
    assert "16 Mar 2026 12:00</time>" in _written(app, "tr", "instant", NOW)
    assert _written(app, "en", "instant", None) == "–"


@pytest.mark.parametrize(
    ("seconds", "en", "tr"),
    [
        (-5, "5 seconds ago", "5 saniye önce"),
        (-180, "3 minutes ago", "3 dakika önce"),
        (7_200, "in 2 hours", "2 saat sonra"),
        (-200_000, "2 days ago", "2 gün önce"),
    ],
)
def test_how_far_an_instant_is_away(app: Flask, seconds: int, en: str, tr: str) -> None:
    with time_machine.travel(NOW, tick=False):
        at = NOW + timedelta(seconds=seconds)
        assert f">{en}</time>" in _written(app, "en", "ago", at)
        assert f">{tr}</time>" in _written(app, "tr", "ago", at)


def test_why_a_run_ended_is_told_in_the_language_of_the_reader(login_as: LoginAs) -> None:
    sentence = 'Line 2, column 8: the column "CardNme" does not exist. Did you mean "CardName"?'
    run = a_run(state=RunState.FAILED, error_kind=ErrorKind.SQL, error=sentence)
    browser = login_as(Role.VIEWER)
    assert sentence in html.unescape(browser.get(f"/runs/{run.id}").text)
    browser.submit("/preferences/language", page="/", language="tr")
    told = html.unescape(browser.get(f"/runs/{run.id}").text)
    assert "Satır 2, sütun 8: " in told
    assert "CardNme" in told
