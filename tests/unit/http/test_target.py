"""Addresses that a task may not call, however they are written."""

import socket
from pathlib import Path
from typing import Any

import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.http.target import Target, is_public
from tasks.settings import settings


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "0.0.0.0", "0.1.2.3"),
        *("169.254.169.254", "100.64.0.1", "192.0.0.192", "168.63.129.16", "100.100.100.200"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1"),
        *("2002:7f00:1::", "2001::1", "fec0::1", "64:ff9b:1::1", "192.88.99.1", "3fff::1"),
        *("::ffff:0:127.0.0.1", "100::1", "2001:db8::1", "5f00::1", "203.0.113.5"),
    ],
)
def test_an_address_of_a_network_of_ones_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost:8000/", "http://[::1]/", "http://0/"),
        *("http://2130706433/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/"),
        *("http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data"),
        *("http://0x7f000001/", "http://017700000001/", "http://0.0.0.0/", "http://[::]/"),
        *("http://127.0.0.1#@example.com/", "http://127.0.0.1?@example.com/", "HTTP://LOCALHOST/"),
        *("http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://[::127.0.0.1]/"),
        *("http://2852039166/", "http://0xa9fea9fe/", "http://[::ffff:169.254.169.254]/"),
        *("http://[64:ff9b::a9fe:a9fe]/", "http://[fd00:ec2::254]/", "http://[fe80::1]/"),
        *("http://①②⑦.0.0.1/", "http://127。0。0。1/", "http://１２７.0.0.1/", "http://ⓛocalhost/"),
    ],
)
def test_the_own_machine_is_refused_however_it_is_written(home: Path, url: str) -> None:
    with pytest.raises(JobError, match="lies in the own network") as refused:
        Target.of(url).addresses()
    assert (refused.value.kind, refused.value.transient) == (ErrorKind.SOURCE_REFUSED, False)


def resolving(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every name mean these addresses."""

    def getaddrinfo(_host: str, port: int, **_options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_a_name_with_one_address_inside_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(["93.184.215.14", "10.0.0.1"], monkeypatch)
    with pytest.raises(JobError, match=r"service\.example lies in the own network"):
        Target.of("https://service.example/").addresses()


def test_a_name_of_the_internet_means_its_addresses(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(["93.184.215.14", "93.184.215.14", "8.8.8.8"], monkeypatch)
    assert Target.of("https://service.example/").addresses() == ["93.184.215.14", "8.8.8.8"]


@pytest.mark.parametrize(
    ("allowed", "url", "may"),
    [
        ("erp.intern, LOCALHOST", "http://localhost/", True),
        ("localhost:8080", "http://localhost:8080/", True),
        ("localhost:8080", "http://localhost/", False),
        ("localhost:443", "https://localhost/", True),
        ("localhost:443", "http://localhost/", False),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("localhost", "http://127.0.0.1/", False),
        ("", "http://localhost/", False),
    ],
)
def test_only_a_host_that_is_named_may_lie_in_the_own_network(
    home: Path, monkeypatch: pytest.MonkeyPatch, allowed: str, url: str, may: bool
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", allowed)
    settings.cache_clear()
    target = Target.of(url)
    if may:
        assert target.addresses()
    else:
        with pytest.raises(JobError):
            target.addresses()


def test_a_name_that_nobody_knows_may_be_known_later(home: Path) -> None:
    with pytest.raises(JobError, match="is not known") as failed:
        Target.of("https://nowhere.invalid/").addresses()
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://x/",
            "//example.com/",
            "example.com",
        ),
        *("https://", "https://user:secret@example.com/", "https://example.com:port/"),
        *("https://example.com/\r\nX: 1", "https://exa mple.com/", "https://{host}/", "http://[x/"),
        *("https://example.com:70000/", "https://ex\\ample.com/", "https://exa\tmple.com/"),
        *("http://example.com@127.0.0.1/", "http://@127.0.0.1/", "http://127.0.0.1:80\\@x.com/"),
        *("http://example.com＠127.0.0.1/", "http://[fe80::1%25lo]/", "http://%31%32%37.0.0.1/"),
        *("http:127.0.0.1/", "http:///127.0.0.1/", "https:/127.0.0.1", "jar:http://x", "data:,x"),
        *("dict://x:11211/", "ldap://x/", "unix:/run/x.sock", "http://x:６379/"),
    ],
)
def test_what_is_no_web_address_is_refused_with_its_field(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        Target.of(url)
    assert refused.value.field == "url"
    assert "secret" not in refused.value.message


@pytest.mark.parametrize(
    "path",
    [
        *("/..", "/a/../b", "/a/.", "/a/%2E%2e/b", "/a/..%2Fadmin", "/a/..%5Cadmin", "/a/..;x/b"),
        *("/%2e%2e", "/a/.%2e?b=1"),
    ],
)
def test_a_path_that_leads_to_another_folder_is_refused(path: str) -> None:
    with pytest.raises(Invalid, match="between two slashes") as refused:
        Target.of(f"https://example.com{path}")
    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "path", ["/a..b/c", "/.well-known/x", "/v1.0/a.json", "/?a=../b", "/.../a"]
)
def test_a_dot_in_a_name_and_in_a_question_is_no_step(path: str) -> None:
    assert Target.of(f"https://example.com{path}").path == path


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("HTTPS://Example.com", ("https", "example.com", 443, "/", "example.com")),
        ("http://x:81/a?b=1#c", ("http", "x", 81, "/a?b=1", "x:81")),
        ("http://[2606:4700::1]/", ("http", "2606:4700::1", 80, "/", "[2606:4700::1]")),
        ("https://bücher.de/ş", ("https", "xn--bcher-kva.de", 443, "/%C5%9F", "xn--bcher-kva.de")),
    ],
)
def test_an_address_is_read_into_its_parts(url: str, parts: tuple[object, ...]) -> None:
    found = Target.of(url)
    assert (found.scheme, found.host, found.port, found.path, found.authority) == parts
