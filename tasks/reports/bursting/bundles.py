"""What is made and sent together: the rows of one key, or those of all keys without an address.

A key with too many addresses stays by itself: its rows are for somebody, only not for so many.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.recipients import refusal_of
from tasks.reports.bursting.keys import UNMATCHED
from tasks.reports.bursting.matching import Part


@dataclass(frozen=True, slots=True)
class Bundle:
    """The parts whose rows share files, the name that these go by, and who gets them."""

    name: str
    parts: tuple[Part, ...]
    addresses: tuple[str, ...]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.parts)

    @property
    def keys(self) -> list[str]:
        return [one.key for one in self.parts]

    @property
    def is_unmatched(self) -> bool:
        return self.name == UNMATCHED


def bundles_of(parts: Sequence[Part], catch_all: Sequence[str]) -> list[Bundle]:
    """Return a bundle for each part with addresses, and one for the rest; no row is left out."""
    matched = [Bundle(one.key, (one,), one.addresses) for one in parts if _is_own(one)]
    rest = tuple(one for one in parts if not _is_own(one))
    caught = tuple(one for one in catch_all if not refusal_of(one))
    return [*matched, Bundle(UNMATCHED, rest, caught)] if rest else matched


def _is_own(part: Part) -> bool:
    return part.is_matched or part.is_crowded
