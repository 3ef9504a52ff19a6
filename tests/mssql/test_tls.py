"""No password goes to a server of SQL Server that has not proved who it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.errors import ErrorKind
from tests.mssql.conftest import Place, rows_of
from tests.mssql.refusing import COLUMNS, MANY, QUERY, refusal
from tests.mssql_server.server import NO_TLS, TLS_NEEDED, Result


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    return lambda file: monkeypatch.setenv("SSL_CERT_FILE", str(file))


def safe(place: Place, options: str = "", host: str = "127.0.0.1") -> str:
    place.options = options
    return place.url(host)


def test_tls_is_on_and_a_known_certificate_is_taken(
    place: Place, tmp_path: Path, trusted: Callable[[Path], None]
) -> None:
    trusted(place.speaks_tls(tmp_path, "127.0.0.1"))
    place.answers(Result(COLUMNS, MANY))
    source = place.source(url=safe(place))
    assert rows_of(source, QUERY) == MANY


def test_an_unknown_certificate_gets_no_password(place: Place, tmp_path: Path) -> None:
    place.speaks_tls(tmp_path, "127.0.0.1")
    error = refusal(place, url=safe(place))
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_UNREACHABLE, False)
    assert "self-signed certificate" in error.message
    assert place.heard.logins == []


def test_a_certificate_of_another_name_gets_no_password(
    place: Place, tmp_path: Path, trusted: Callable[[Path], None]
) -> None:
    trusted(place.speaks_tls(tmp_path, "erp.example.com"))
    error = refusal(place, url=safe(place))
    assert "not valid for '127.0.0.1'" in error.message
    assert place.heard.logins == []


def test_a_certificate_is_left_unchecked_only_where_the_address_says_so(
    place: Place, tmp_path: Path
) -> None:
    place.speaks_tls(tmp_path, "erp.example.com")
    place.answers(Result(COLUMNS, MANY))
    source = place.source(url=safe(place, "?trust_server_certificate=yes"))
    assert rows_of(source, QUERY) == MANY


def test_a_server_without_tls_gets_no_password_unless_the_address_says_so(place: Place) -> None:
    place.behaviour.offers = NO_TLS
    error = refusal(place, url=safe(place))
    assert (error.kind, error.transient) == (ErrorKind.SOURCE_UNREACHABLE, False)
    assert "knows no TLS" in error.message
    assert place.heard.logins == []


def test_a_server_that_insists_on_tls_is_told_in_words(place: Place) -> None:
    place.behaviour.offers = TLS_NEEDED
    assert "insists on TLS" in refusal(place).message


def test_a_listener_leads_to_its_replica_with_the_same_care(
    place: Place, tmp_path: Path, trusted: Callable[[Path], None]
) -> None:
    """The password goes to the second server only once its certificate was checked, too."""
    trusted(place.speaks_tls(tmp_path, "127.0.0.1"))
    replica = Place()
    try:
        replica.answers(Result(COLUMNS, MANY[:2]))
        place.behaviour.route = ("127.0.0.1", replica.server.port)
        assert "knows no TLS" in refusal(place, url=safe(place)).message
        assert replica.heard.logins == []
        replica.behaviour.tls, replica.behaviour.offers = place.behaviour.tls, 1
        assert rows_of(place.source(url=safe(place)), QUERY) == MANY[:2]
        assert replica.heard.logins[0].only_reads
    finally:
        replica.server.close()


def test_servers_that_lead_in_a_circle_hold_nobody(place: Place) -> None:
    place.behaviour.route = ("127.0.0.1", place.server.port)
    assert "on and on" in refusal(place).message
    assert len(place.heard.logins) == 3
