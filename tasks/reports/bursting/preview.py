"""Who would get how many rows of the query, counted over its first rows before a mail goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.reports.bursting.book import MOST_KEYS, Book, BookOfRows, book_of_typed
from tasks.reports.bursting.bundles import Bundle, bundles_of
from tasks.reports.bursting.lines import MOST_ADDRESSES
from tasks.reports.bursting.matching import Part, parts_matched
from tasks.reports.bursting.parts import Counted
from tasks.reports.bursting.settings import AddressFrom, BurstSettings
from tasks.reports.companies import Reading
from tasks.reports.parameters import ParameterDefinition
from tasks.reports.preview import Preview, previews

COUNTED = 5_000
"""Rows of each company that are counted, unless the caller wants fewer."""


@dataclass(frozen=True, slots=True)
class PartsPreview:
    """The parts of the first rows, most rows first."""

    parts: Sequence[Part]
    rows: int
    """How many rows were counted."""
    more: bool
    """Whether the query has, or may have, more rows than these."""
    left_out: Sequence[str]
    """The companies for which no time was left."""
    caught: Sequence[str]
    """Who gets the rows of keys without an address."""
    most_addresses: int = MOST_ADDRESSES
    """Of one part."""

    @property
    def matched(self) -> list[Part]:
        return [one for one in self.parts if one.is_matched]

    @property
    def crowded(self) -> list[Part]:
        """What has too many addresses, and would go to none of them."""
        return [one for one in self.parts if one.is_crowded]

    @property
    def unmatched(self) -> list[Part]:
        return [one for one in self.parts if not (one.is_matched or one.is_crowded)]

    @property
    def rows_unmatched(self) -> int:
        return sum(one.rows for one in self.unmatched)

    @property
    def bundles(self) -> list[Bundle]:
        """What would be made and sent together."""
        return bundles_of(self.parts, self.caught)


def preview_parts(
    source: str,
    sql: str,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
    burst: BurstSettings,
    *,
    rows: int = COUNTED,
    seconds: int | None = None,
) -> PartsPreview:
    """Ask the source of this name for the first rows, and for the addresses where a query has them.

    Of several companies each is asked, as a run does, and each for so many rows; what cannot be
    asked within `seconds`, or else the time of a preview, is left out and named.

    Not to be called in a transaction. Raises JobError with the sentence of the guard, of the source
    or of the split, Invalid for a value.
    """
    addresses = _Addresses()
    if burst.address_from is AddressFrom.QUERY:
        asked = previews(source, burst.query, definitions, values, rows=MOST_KEYS, seconds=seconds)
        for one, answer in asked:
            addresses.take(one, answer)
    counting = _Counting(burst, addresses.left_out)
    for one, answer in previews(source, sql, definitions, values, rows=rows, seconds=seconds):
        counting.take(one, answer)
    parts = parts_matched(counting.counted.rows, _book(burst, addresses, counting.counted))
    return PartsPreview(
        parts=sorted(parts, key=lambda one: (-one.rows, one.key)),
        rows=sum(counting.counted.rows.values()),
        more=counting.more,
        left_out=counting.left_out,
        caught=burst.catch_all,
    )


class _Addresses:
    """The addresses of a query, company by company."""

    def __init__(self) -> None:
        self.rows = BookOfRows()
        self.left_out: list[str] = []

    def take(self, reading: Reading, answer: Preview | None) -> None:
        if answer is None:
            self.left_out.append(reading.company)
            return
        self.rows.begin(answer.columns)
        self.rows.write(answer.rows, reading.company if reading.named else "")


class _Counting:
    """The rows by their part, company by company, as a run takes them."""

    def __init__(self, burst: BurstSettings, without_addresses: Sequence[str]) -> None:
        self._is_listed = burst.address_from is AddressFrom.LINES
        self._without_addresses = without_addresses
        self._companies: list[str] = []
        self.counted = Counted(burst, self._companies)
        self.more = False
        self.left_out: list[str] = []

    def take(self, reading: Reading, answer: Preview | None) -> None:
        if answer is None or reading.company in self._without_addresses:
            self.left_out.append(reading.company)
            return
        is_named = reading.named and not self._is_listed  # a typed list is meant for all of them
        self._companies.append(reading.company if is_named else "")
        self.counted.begin(answer.columns)
        self.counted.write(answer.rows)
        self.more = self.more or answer.more


def _book(burst: BurstSettings, addresses: _Addresses, counted: Counted) -> Book:
    """Return the addresses by part, from where the task says that they stand."""
    if burst.address_from is AddressFrom.LINES:
        return book_of_typed(burst.lines)
    return counted.addresses if burst.address_from is AddressFrom.COLUMN else addresses.rows.book
