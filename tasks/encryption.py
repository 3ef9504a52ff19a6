"""Secrets that have to be kept and read again, such as the passwords of sources.

The first of `ORCHESTRATOR_ENCRYPTION_KEYS` encrypts, all of them decrypt: a new key is put before
the others, `orchestrator secrets rotate` writes everything anew with it, and then the old ones go.
"""

import base64
import secrets
from typing import TYPE_CHECKING

from tasks.errors import Invalid
from tasks.settings import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

KEY_BYTES = 32


def new_key() -> str:
    """Return a new random key."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def encrypt(secret: str) -> str:
    """Return the secret as it may be kept; raises Invalid where there is no key."""
    return _keys().encrypt(secret.encode()).decode()


def decrypt(kept: str) -> str:
    """Return the secret that `encrypt` was given; raises Invalid where no key fits."""
    from cryptography.fernet import InvalidToken

    try:
        return _keys().decrypt(kept).decode()
    except InvalidToken:
        raise _unknown_key() from None


def rotate(kept: str) -> str:
    """Return the same secret encrypted with the first key; raises Invalid where no key fits."""
    from cryptography.fernet import InvalidToken

    try:
        return _keys().rotate(kept).decode()
    except InvalidToken:
        raise _unknown_key() from None


def _keys() -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet  # 8 MB that most parts do without

    found = [Fernet(key) for key in settings().all_encryption_keys]
    if not found:
        raise Invalid(
            "No password can be kept or read without a key. Set ORCHESTRATOR_ENCRYPTION_KEYS to "
            "what “orchestrator secrets key” prints."
        )
    return MultiFernet(found)


def _unknown_key() -> Invalid:
    return Invalid(
        "A password that is kept here fits none of the keys. Put the key that it was kept with "
        "back into ORCHESTRATOR_ENCRYPTION_KEYS, or type the password again."
    )
