"""Where a call goes: the address of a person, and the machines it may mean."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, quote, unquote, urlsplit

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.settings import settings

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

PORTS = {"http": 80, "https": 443}
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
"""What has no place in an address; a line break could add a header."""
DOTS = re.compile(r"(?:^|[/\\])\.\.?(?:[/\\;]|$)")
"""A step to another folder; by it the value of a parameter would lead elsewhere on the host."""
HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")
ASCII = "".join(map(chr, range(0x21, 0x7F)))
"""What stays in an address as it is; a letter beyond is written as its bytes."""

NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
CARRIES_IPV4 = (ipaddress.IPv6Network("::ffff:0:0/96"), NAT64)
NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10"),  # lead to others
        *("192.0.0.0/24", "168.63.129.16/32"),  # where clouds tell their machines secrets
        *("192.88.99.0/24", "3fff::/20"),  # a way to others, and an example
    )
)
"""What is not public beside what `ipaddress` knows of."""


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of an http or https address."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query; never empty."""

    @classmethod
    def of(cls, url: str) -> Self:
        """Read an address; raises Invalid where it is not a whole one."""
        parts = _split(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise Invalid("Write an address that begins with https:// or http://.", field="url")
        if parts.username is not None or parts.password is not None:
            raise Invalid("Put the name and the password into a header instead.", field="url")
        if DOTS.search(unquote(parts.path)):
            raise Invalid("An address has no “.” and no “..” between two slashes.", field="url")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, _host(parts.hostname), _port(parts), quote(path, safe=ASCII))

    @property
    def authority(self) -> str:
        """What the header Host says."""
        return self._host if self.port == PORTS[self.scheme] else f"{self._host}:{self.port}"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def addresses(self) -> list[str]:
        """Look the host up; raises JobError where it is unknown, or not to be called.

        The caller connects to one of these and asks no more, so that a name that is answered
        differently the next time gains nothing.
        """
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise JobError(
                "The host {host} is not known: {why}.",
                kind=ErrorKind.SOURCE_UNREACHABLE,
                transient=True,
                host=self.host,
                why=getattr(error, "strerror", None) or error,
            ) from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        if not self.is_allowed and not all(map(is_public, addresses)):
            raise JobError(
                "{host} lies in the own network, which a task may not call. If it has to, name "
                "the host in ORCHESTRATOR_HTTP_ALLOWED_HOSTS.",
                kind=ErrorKind.SOURCE_REFUSED,
                host=self.host,
            )
        return addresses

    @property
    def is_allowed(self) -> bool:
        """Whether the installation names it as a host of its own that may be called."""
        return not settings().http_allowed.isdisjoint({self.host, f"{self._host}:{self.port}"})


def check_url(url: str) -> str:
    """Return the address as it was given; raises Invalid where it cannot be called."""
    Target.of(url)
    return url


def is_public(address: str) -> bool:
    """Whether the address belongs to the Internet, and not to a network of one's own."""
    found: IPAddress = ipaddress.ip_address(address.partition("%")[0])
    if any(found in network for network in CARRIES_IPV4):
        found = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
    if any(found in network for network in NOT_PUBLIC):
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def _split(url: str) -> SplitResult:
    if UNSAFE.search(url):
        raise Invalid("An address has no spaces and no line breaks.", field="url")
    try:
        return urlsplit(url)
    except ValueError as error:
        raise Invalid("“{given}” is not an address.", field="url", given=url[:60]) from error


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise Invalid("The port of the address is not a number.", field="url") from error
    return PORTS[parts.scheme] if port is None else port


def _host(given: str) -> str:
    """Return the name in the letters of the wire; a parameter has no place in it."""
    try:
        host = given.lower() if given.isascii() else given.lower().encode("idna").decode()
    except UnicodeError:
        host = ""
    if not HOST.fullmatch(host):
        raise Invalid("“{given}” is not the name of a host.", field="url", given=given)
    return host
