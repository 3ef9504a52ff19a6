"""Who is there: the two password methods that HANA's clients offer."""

import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass, field

from tests.hana_server.options import decode_fields, encode_fields

PBKDF2, SCRAM = b"SCRAMPBKDF2SHA256", b"SCRAMSHA256"
ROUNDS = 15_000
"""The fewest that the client accepts."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One attempt to log in: what was asked, so that the proof can be checked."""

    user: str
    method: bytes
    client: bytes
    salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    server: bytes = field(default_factory=lambda: secrets.token_bytes(48))

    def asked(self) -> bytes:
        """What the server sends back to the first message."""
        fields = [self.salt, self.server]
        if self.method == PBKDF2:
            fields.append(struct.pack(">I", ROUNDS))
        return encode_fields([self.method, encode_fields(fields)])

    def is_met(self, answer: bytes, password: str) -> bool:
        """Whether the client's second message proves that it knows the password."""
        proof = decode_fields(decode_fields(answer)[2])[0]
        key = hashlib.sha256(self._salted(password)).digest()
        asked = self.salt + self.server + self.client
        signature = hmac.digest(hashlib.sha256(key).digest(), asked, "sha256")
        wanted = bytes(a ^ b for a, b in zip(key, signature, strict=True))
        return hmac.compare_digest(proof, wanted)

    def confirmed(self, password: str) -> bytes:
        """What the server sends to a client that is let in: its own proof."""
        if self.method == SCRAM:
            return encode_fields([self.method, b""])
        key = hmac.digest(self._salted(password), self.salt, "sha256")
        proof = hmac.digest(key, self.client + self.salt + self.server, "sha256")
        return encode_fields([self.method, encode_fields([proof])])

    def _salted(self, password: str) -> bytes:
        if self.method == SCRAM:
            return hmac.digest(password.encode(), self.salt, "sha256")
        return hashlib.pbkdf2_hmac("sha256", password.encode(), self.salt, ROUNDS, 32)


def challenge(body: bytes, methods: tuple[bytes, ...] = (PBKDF2, SCRAM)) -> Challenge | None:
    """Choose the best method that both sides know; None where there is none."""
    user, *offered = decode_fields(body)
    offers = dict(zip(offered[::2], offered[1::2], strict=True))
    method = next((m for m in methods if m in offers), None)
    return Challenge(user.decode().upper(), method, offers[method]) if method else None
