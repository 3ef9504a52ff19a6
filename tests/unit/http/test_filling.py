"""Parameters in an address or a text stay one value; headers are checked without being told."""

import json

import pytest

from tasks.errors import Invalid, JobError
from tasks.http.filling import escape_for, fill, in_url
from tasks.http.headers import check_header, content_type, headers_of

VALUES = {"name": 'a "b"&c/ş', "empty": None}


def test_a_value_stays_one_value_in_json() -> None:
    text = fill('{"title": "{name}", "at": {"x": "{empty}"}}', VALUES, escape_for("text/json"))
    assert json.loads(text) == {"title": 'a "b"&c/ş', "at": {"x": ""}}


@pytest.mark.parametrize(
    ("kind", "filled"),
    [
        ("application/x-www-form-urlencoded", "a%20%22b%22%26c%2F%C5%9F"),
        ("text/plain", 'a "b"&c/ş'),
        ("application/soap+xml", "a &quot;b&quot;&amp;c/ş"),
    ],
)
def test_a_value_is_written_as_the_kind_of_the_text_wants_it(kind: str, filled: str) -> None:
    assert fill("{name}", VALUES, escape_for(kind)) == filled


def test_a_value_adds_nothing_to_an_address() -> None:
    assert fill("https://x/{name}", {"name": "../?a=b#c"}, in_url) == "https://x/..%2F%3Fa%3Db%23c"


def test_double_braces_stay_and_an_unknown_name_is_refused() -> None:
    assert fill("{{name}} {x y}", VALUES, str) == "{name} {x y}"
    with pytest.raises(JobError, match="no parameter “nmae”. Known: empty, name"):
        fill("{nmae}", VALUES, str)


@pytest.mark.parametrize("line", ["Accept: text/csv", "X-Key:secret", "Accept: caf\xe9", "X: "])
def test_a_header_is_a_name_and_a_value(line: str) -> None:
    assert check_header(line) == line


@pytest.mark.parametrize(
    "line", ["secret", "X: a\r\nY: secret", "X : secret", ": secret", "X: ş secret", "X: a\x00"]
)
def test_what_is_no_header_is_refused_and_never_quoted(line: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_header(line)
    assert "secret" not in refused.value.message


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "Connection"])
def test_what_the_wire_needs_cannot_be_written_by_hand(name: str) -> None:
    with pytest.raises(Invalid, match="is set by itself"):
        check_header(f"{name}: x")


def test_names_of_headers_know_no_case() -> None:
    assert headers_of(["X-Key: a:b", "x-key:  c "]) == {"x-key": "c"}


@pytest.mark.parametrize(
    ("lines", "body", "kind"),
    [
        ([], ' {"a": 1}', "application/json"),
        ([], "a=1", "text/plain; charset=utf-8"),
        (["Content-Type: text/csv"], "{", "text/csv"),
    ],
)
def test_the_kind_of_a_text_is_said_or_seen(lines: list[str], body: str, kind: str) -> None:
    assert content_type(headers_of(lines), body) == kind
