"""Only who knows the password proves it."""

import hashlib
import hmac

import pytest

from tests.hana_server.authentication import PBKDF2, ROUNDS, SCRAM, Challenge, challenge
from tests.hana_server.options import decode_fields, encode_fields

OFFER = encode_fields([b"reports", b"LDAP", b"x", PBKDF2, b"p" * 64, SCRAM, b"s" * 64])


def _proof(asked: Challenge, password: bytes) -> bytes:
    if asked.method == SCRAM:
        salted = hmac.digest(password, asked.salt, "sha256")
    else:
        salted = hashlib.pbkdf2_hmac("sha256", password, asked.salt, ROUNDS, 32)
    key = hashlib.sha256(salted).digest()
    message = asked.salt + asked.server + asked.client
    signature = hmac.digest(hashlib.sha256(key).digest(), message, "sha256")
    proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
    return encode_fields([b"REPORTS", asked.method, encode_fields([proof])])


@pytest.mark.parametrize("method", [PBKDF2, SCRAM])
def test_the_right_password_is_let_in_and_no_other(method: bytes) -> None:
    asked = challenge(OFFER, (method,))

    assert asked is not None
    assert asked.is_met(_proof(asked, b"right"), "right")
    assert not asked.is_met(_proof(asked, b"wrong"), "right")


def test_the_user_is_upper_case_and_the_stronger_method_comes_first() -> None:
    asked = challenge(OFFER)

    assert asked is not None
    assert (asked.user, asked.method, asked.client) == ("REPORTS", PBKDF2, b"p" * 64)
    assert decode_fields(asked.asked())[0] == PBKDF2


def test_no_common_method_is_no_challenge() -> None:
    assert challenge(OFFER, (b"GSS",)) is None
