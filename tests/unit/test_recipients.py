"""Whom an installation writes to."""

import pytest

from tasks.definitions import content_of
from tasks.errors import Invalid
from tasks.recipients import is_inside, refusal_of
from tasks.settings import settings

DOMAINS = {"example.com", "*.firma.com.tr"}


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("a@example.com", True),
        ("a@EXAMPLE.com", True),
        ("a@mail.example.com", False),
        ("a@example.com.evil.org", False),
        ("a@evilexample.com", False),
        ("a@example.com.", False),
        ("example.com@evil.org", False),
        ("a@ankara.firma.com.tr", True),
        ("a@b.ankara.firma.com.tr", True),
        ("a@firma.com.tr", False),
        ("a@evilfirma.com.tr", False),
        ("a@.firma.com.tr", True),  # no address, which is another rule
        ("a@[127.0.0.1]", False),
        ("nobody", False),
        ("", False),
    ],
)
def test_only_the_domains_of_the_list_are_inside(address: str, inside: bool) -> None:
    assert is_inside(address, DOMAINS) is inside
    assert is_inside(address, ())


@pytest.fixture
def within(home: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORCHESTRATOR_RECIPIENT_DOMAINS", "Example.com, *.firma.com.tr")
    settings.cache_clear()


@pytest.mark.usefixtures("within")
def test_an_address_from_rows_is_refused_in_words() -> None:
    assert refusal_of("ayse@example.com") == ""
    assert refusal_of("ayse@gmail.com") == (
        "ayse@gmail.com is outside of the domains that this installation sends to "
        "(*.firma.com.tr, example.com)."
    )
    assert refusal_of("ayse") == "“ayse” is not a mail address."
    assert refusal_of("a@.firma.com.tr") == "“a@.firma.com.tr” is not a mail address."


BURST = {"column": "Region", "address_from": "lines", "lines": ["A = a@example.com"]}


@pytest.mark.usefixtures("within")
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"recipients": ["ok@example.com", "ayse@gmail.com"]}, "recipients"),
        ({"burst": BURST | {"catch_all": ["ayse@gmail.com"]}}, "burst.catch_all"),
        ({"burst": BURST | {"lines": ["A = a@example.com, ayse@gmail.com"]}}, "burst.lines"),
    ],
)
def test_an_address_that_is_typed_outside_of_the_domains_is_not_saved(
    given: dict[str, object], field: str
) -> None:
    wanted = {"source": "demo", "sql": "SELECT 1 AS A FROM DUMMY"} | given
    with pytest.raises(Invalid, match=r"ayse@gmail\.com is outside") as refused:
        content_of(slug="a", title="A", settings=wanted)
    assert refused.value.field == field


@pytest.mark.usefixtures("within")
def test_who_is_told_of_lateness_is_inside_too() -> None:
    wanted = {"source": "demo", "sql": "SELECT 1 AS A FROM DUMMY"}
    with pytest.raises(Invalid, match="outside") as refused:
        content_of(slug="a", title="A", settings=wanted, alert_recipients=["ayse@gmail.com"])
    assert refused.value.field == "alert_recipients"


@pytest.mark.parametrize("value", ["*", "exa mple.com", "a.*.com", "a@b.com", "*.", "**.a.com"])
def test_a_domain_that_is_none_stops_the_start(
    home: object, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_RECIPIENT_DOMAINS", value)
    settings.cache_clear()
    with pytest.raises(Invalid, match="ORCHESTRATOR_RECIPIENT_DOMAINS"):
        settings()
