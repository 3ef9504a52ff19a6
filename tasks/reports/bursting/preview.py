"""Who would get how many rows of the query, counted over its first rows before a mail goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tasks.reports.bursting.book import MOST_KEYS, Book, BookOfRows, book_of_typed
from tasks.reports.bursting.bundles import Bundle, bundles_of
from tasks.reports.bursting.lines import MOST_ADDRESSES
from tasks.reports.bursting.matching import Part, parts_matched
from tasks.reports.bursting.parts import Counted
from tasks.reports.bursting.settings import AddressFrom, BurstSettings
from tasks.reports.parameters import ParameterDefinition, ParameterType
from tasks.reports.preview import preview

COUNTED = 5_000
"""Rows that are counted, unless the caller wants fewer."""


@dataclass(frozen=True, slots=True)
class PartsPreview:
    """The parts of the first rows, most rows first."""

    parts: Sequence[Part]
    rows: int
    """How many rows were counted."""
    more: bool
    """Whether the query has, or may have, more rows than these."""
    first_company: bool
    """Whether only the first of several companies was read."""
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

    Not to be called in a transaction. Raises JobError with the sentence of the guard, of the source
    or of the split, Invalid for a value.
    """
    first = preview(source, sql, definitions, values, rows=rows, seconds=seconds)
    counted = Counted(burst)
    counted.begin(first.columns)
    counted.write(first.rows)
    book = _book(source, definitions, values, burst, seconds)
    parts = parts_matched(counted.rows, counted.addresses if book is None else book)
    return PartsPreview(
        parts=sorted(parts, key=lambda one: (-one.rows, one.key)),
        rows=len(first.rows),
        more=first.more,
        first_company=any(one.type is ParameterType.COMPANIES for one in definitions),
        caught=burst.catch_all,
    )


def _book(
    source: str,
    definitions: Sequence[ParameterDefinition],
    values: Mapping[str, object],
    burst: BurstSettings,
    seconds: int | None,
) -> Book | None:
    """Return the addresses by key; None where they stand beside the rows."""
    if burst.address_from is AddressFrom.COLUMN:
        return None
    if burst.address_from is AddressFrom.LINES:
        return book_of_typed(burst.lines)
    found = BookOfRows()
    answer = preview(source, burst.query, definitions, values, rows=MOST_KEYS, seconds=seconds)
    found.begin(answer.columns)
    found.write(answer.rows)
    return found.book
