"""Mail addresses, as a person writes them into a form."""

import re
from collections.abc import Iterable, Sequence
from email.errors import MessageError
from email.headerregistry import Address

from tasks.errors import Invalid

_ADDRESS = re.compile(r"[^@\s<>,;\"\\]+@[^@\s<>,;\"\\]+")


def is_address(text: str) -> bool:
    """Whether a letter can be addressed to it."""
    if len(text) > 320 or not text.isascii() or not _ADDRESS.fullmatch(text):
        return False
    try:
        Address(addr_spec=text)
    except (ValueError, AttributeError, MessageError):  # AttributeError: a fault of the parser
        return False
    return True


def checked_addresses(given: Sequence[str], *, field: str) -> list[str]:
    """Return each address once; raises Invalid with the first that is none."""
    for address in given:
        if not is_address(address):
            raise Invalid(
                "“{address}” is not a mail address. Write one address a line.",
                field=field,
                address=address,
            )
    return each_once(given)


def each_once(addresses: Iterable[str]) -> list[str]:
    """Return each address once, as it was first written; capitals make it no other one."""
    found: dict[str, str] = {}
    for one in addresses:
        found.setdefault(one.lower(), one)
    return list(found.values())
