"""Letting a client in: two messages, then a session."""

from tests.hana_server.authentication import Challenge, challenge
from tests.hana_server.codes import Function, PartKind
from tests.hana_server.errors import HanaError
from tests.hana_server.framing import Part, Reply, Request
from tests.hana_server.options import (
    BIGINT,
    BOOLEAN,
    INT,
    STRING,
    Option,
    Value,
    decode_options,
    encode_options,
)
from tests.hana_server.session import Session
from tests.hana_server.shared import Shared

_FORMAT = 8
"""The version of the values' format that this server writes; an older one has other dates."""
_CLIENT_FORMAT = 23


class Login:
    """One client that wants to come in."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._challenge: Challenge | None = None

    def ask(self, request: Request) -> Reply:
        """Answer the first message with a challenge."""
        body = request.body(PartKind.AUTHENTICATION)
        self._challenge = challenge(body, self._shared.methods)
        if self._challenge is None:
            raise HanaError(10, "authentication failed")
        return Reply(Function.NONE, [Part(PartKind.AUTHENTICATION, self._challenge.asked())])

    def admit(self, request: Request) -> tuple[Session, Reply]:
        """Check the proof of the second message; raises HanaError where it is wrong."""
        asked = self._challenge
        user = self._shared.users.known(asked.user) if asked else None
        if asked is None or user is None:
            raise HanaError(10, "authentication failed")
        met = asked.is_met(request.body(PartKind.AUTHENTICATION), user.password)
        self._shared.users.count(user.name, right=met)
        session = Session(self._shared.number(), user, self._shared)
        session.client_pid = _pid(request.body(PartKind.CLIENT_ID))
        wanted = decode_options(request.body(PartKind.CONNECT_OPTIONS))
        options = _options(session.number, wanted)
        parts = [
            Part(PartKind.AUTHENTICATION, asked.confirmed(user.password)),
            Part(PartKind.CONNECT_OPTIONS, encode_options(options), len(options)),
        ]
        return session, Reply(Function.CONNECT, parts)


def _options(number: int, wanted: dict[int, Value]) -> list[Option]:
    """What the server can do: without 23 no value can be read, without 43 nothing times out."""
    version = min(int(wanted.get(_CLIENT_FORMAT, _FORMAT)), _FORMAT)
    truths = [(option, BOOLEAN, True) for option in (2, 4, 10, 14, 18, 21, 37, 43)]
    falsehoods = [(option, BOOLEAN, False) for option in (26, 27)]
    return [
        (1, INT, number),
        (11, STRING, "HDB"),
        (12, INT, 1),
        (_CLIENT_FORMAT, INT, version),
        (15, INT, 0),
        (16, INT, version),
        (17, BIGINT, 0),
        (44, STRING, "2.00.077.00.1710000000"),
        (45, STRING, "HDB"),
        *truths,
        *falsehoods,
    ]


def _pid(client: bytes) -> int:
    """The client tells its process and host: 1234@host."""
    digits = client.decode("utf-8", "replace").partition("@")[0].lstrip("C")
    return int(digits) if digits.isdigit() else 0
