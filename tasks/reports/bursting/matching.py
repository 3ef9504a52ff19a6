"""Which part goes to whom, and which rows go to nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.recipients import refusal_of
from tasks.reports.bursting.lines import MOST_ADDRESSES

NAMED = 10
"""Keys that a sentence names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Refused:
    """An address of a part that is not written to, and why, in English."""

    address: str
    why: str


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one key: how many, who gets them, and who was named but is not written to."""

    key: str
    rows: int
    addresses: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    is_crowded: bool = False
    """Whether it has more addresses than a part may have, and so goes to none of them."""

    @property
    def is_matched(self) -> bool:
        return bool(self.addresses)


def parts_matched(rows: Mapping[str, int], book: Mapping[str, Sequence[str]]) -> list[Part]:
    """Return a part for each key, in the order of the rows; `book` has the addresses of each."""
    return [_part(key, count, book.get(key, ())) for key, count in rows.items()]


def named(keys: Sequence[str]) -> str:
    """Return the first keys, and how many more there are, in a way that any language reads."""
    more = len(keys) - NAMED
    return ", ".join(keys[:NAMED]) + (f" … (+{more})" if more > 0 else "")


def _part(key: str, rows: int, addresses: Sequence[str]) -> Part:
    if len(addresses) > MOST_ADDRESSES:
        return Part(key, rows, is_crowded=True)
    judged = {one: refusal_of(one) for one in addresses}
    refused = tuple(Refused(one, why) for one, why in judged.items() if why)
    return Part(key, rows, tuple(one for one, why in judged.items() if not why), refused)
