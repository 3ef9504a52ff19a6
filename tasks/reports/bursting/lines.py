"""Typed lines that say where each part goes: `Marmara = ayse@example.com, ali@example.com`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tasks.addresses import each_once, is_address
from tasks.errors import Invalid
from tasks.jobs.context import storable

SIGN = "="
SPACED_SIGN = re.compile(r"\s=\s")
SEPARATORS = re.compile(r"[;,\s]+")
QUOTED_NAME = re.compile(r'"[^"]*"\s*(?=<)')
IN_BRACKETS = re.compile(r"<([^<>]*)>")
MOST_LINES = 2_000
MOST_ADDRESSES = 100
"""Addresses of one key; a part with more is sent to nobody, and told as failed."""
FIELD = "burst.lines"


def addresses_in(text: str) -> list[str]:
    """Return what stands between the commas, semicolons and spaces of a cell or a line, once.

    Of `"Demir, Ayşe" <ayse@example.com>` it is the address; the words of a name are none.
    """
    words = filter(None, SEPARATORS.split(QUOTED_NAME.sub(" ", storable(text))))
    return each_once(_without_names(words) if "<" in text else words)


def few_of(addresses: Iterable[str]) -> list[str]:
    """Return each address once, and of more than a part may have only one too many."""
    return each_once(addresses)[: MOST_ADDRESSES + 1]


def checked_lines(given: Sequence[str]) -> list[str]:
    """Return the lines in one way of writing; raises Invalid with the number of the first bad one.

    A key may have one line only: of two, nobody could say which one counts.
    """
    found: dict[str, list[str]] = {}
    for number, line in enumerate(given, 1):
        key, addresses = _parsed(line, number)
        if key in found:
            raise Invalid(
                "Line {number}: there is a line for “{key}” already. Write all of its addresses "
                "on one line, with commas between.",
                field=FIELD,
                number=number,
                key=key,
            )
        found[key] = addresses
    return [f"{key} {SIGN} {', '.join(addresses)}" for key, addresses in found.items()]


def book_of(lines: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return the addresses of each key of lines that were checked."""
    return dict(_parsed(line, number) for number, line in enumerate(lines, 1))


def _without_names(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        inside = IN_BRACKETS.findall(word)
        if inside or "@" in word:
            yield from inside or [word]


def _parsed(line: str, number: int) -> tuple[str, list[str]]:
    sign = SPACED_SIGN.findall(line) if line.count(SIGN) > 1 else [SIGN] * line.count(SIGN)
    if len(sign) != 1:
        raise Invalid(
            "Line {number}: write the value of the column, one “=” with a space on each side, and "
            "the addresses, such as: Marmara = ayse@example.com, ali@example.com",
            field=FIELD,
            number=number,
        )
    key, _, rest = (one.strip() for one in line.partition(sign[0]))
    addresses = addresses_in(rest)
    _check(key, addresses, number)
    return key, addresses


def _check(key: str, addresses: Sequence[str], number: int) -> None:
    if not key or not addresses:
        raise Invalid(
            "Line {number}: write the value of the column, one “=” with a space on each side, and "
            "the addresses, such as: Marmara = ayse@example.com, ali@example.com",
            field=FIELD,
            number=number,
        )
    if len(addresses) > MOST_ADDRESSES:
        raise Invalid(
            "Line {number}: at most {most} addresses can get the rows of one value.",
            field=FIELD,
            number=number,
            most=MOST_ADDRESSES,
        )
    for address in addresses:
        if not is_address(address):
            raise Invalid(
                "Line {number}: “{address}” is not a mail address.",
                field=FIELD,
                number=number,
                address=address,
            )
