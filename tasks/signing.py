"""Signatures with the installation's secret key, each for one use alone."""

import base64
import hashlib
import hmac

from tasks.errors import Invalid
from tasks.settings import settings


def signature(use: bytes, named: str) -> str:
    """Return 43 letters that only this installation can make; raises Invalid without a key."""
    key = settings().secret_key.get_secret_value().encode()
    if not key:
        raise Invalid("Set ORCHESTRATOR_SECRET_KEY, for the workers too: it signs links in mails.")
    own_key = hmac.digest(key, use, hashlib.sha256)
    digest = hmac.digest(own_key, named.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_signed(use: bytes, named: str, given: str) -> bool:
    """Whether this is the signature of these words for this use."""
    return given.isascii() and hmac.compare_digest(given, signature(use, named))
