"""The tables and columns of a source, for whoever writes SQL; kept for a few minutes."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from tasks.clock import utcnow
from tasks.rows import Row
from tasks.settings import settings
from tasks.sources.base import Glance
from tasks.sources.by_name import awake, row_of, source_of
from tasks.sources.companies import own_schema
from tasks.sources.naming import columns_in, synonyms_in

READER = "SQL editor"
FETCH_ROWS = 5_000
KEPT = timedelta(minutes=5)
MOST_KEPT = 8
"""Schemas in memory; a company of Business One with 50,000 columns takes about 5 MB."""
MOST_COLUMNS = 100_000
"""Two companies' worth; what a schema has beyond it is not told."""


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column as its source has it, letter by letter."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Names:
    """What there is to read in one schema."""

    schema: str
    """Empty for the one that the source's user has anyway."""
    tables: Mapping[str, tuple[NamedColumn, ...]]
    """Tables and views, in the order of their names, with their columns in their own order."""
    complete: bool
    """False where there are more columns than are told: then nothing can be called unknown."""
    synonyms: frozenset[str] = frozenset()
    """Further names of tables, whose columns are not told."""

    def for_the_guard(self) -> dict[str, frozenset[str] | None] | None:
        """Return the names as the guard asks for them; None where some are missing."""
        if not self.complete:
            return None
        return dict.fromkeys(self.synonyms) | {
            table: frozenset(one.name for one in columns) for table, columns in self.tables.items()
        }


_Key = tuple[str, int, str]
_kept: OrderedDict[_Key, tuple[datetime, Names]] = OrderedDict()
_lock = threading.Lock()


def names_of(source: str, *, company: str = "") -> Names:
    """Return the tables of the source of this name; not to be called in a transaction.

    `company` is one of its companies, instead of its own schema. Raises JobError where the source
    cannot be asked now, or does not answer in time.
    """
    row = row_of(source)
    schema = company or own_schema(row) or ""
    key = (row.slug, row.version, schema)
    if (known := _remembered(key)) is not None:
        return known
    glance = Glance(settings().preview_seconds, FETCH_ROWS)
    opened = source_of(awake(row), reader=READER, glance=glance, company=company)
    synonyms = frozenset(synonyms_in(opened, row.kind, schema))
    found = _gathered(schema, columns_in(opened, row.kind, schema), synonyms)
    _remember(key, found)
    return found


def forget() -> None:
    """Ask anew from now on."""
    with _lock:
        _kept.clear()


def _gathered(schema: str, columns: Iterator[Row], synonyms: frozenset[str]) -> Names:
    tables: dict[str, list[NamedColumn]] = {}
    for table, name, type in islice(columns, MOST_COLUMNS):
        found = NamedColumn(sys.intern(str(name)), sys.intern(str(type)))
        tables.setdefault(str(table), []).append(found)
    complete = next(columns, None) is None
    return Names(schema, _frozen(tables.items()), complete, synonyms)


def _frozen(
    tables: Iterable[tuple[str, list[NamedColumn]]],
) -> dict[str, tuple[NamedColumn, ...]]:
    return {name: tuple(columns) for name, columns in sorted(tables)}


def _remembered(key: _Key) -> Names | None:
    with _lock:
        asked_at, names = _kept.get(key, (None, None))
    return names if asked_at is not None and utcnow() - asked_at < KEPT else None


def _remember(key: _Key, names: Names) -> None:
    with _lock:
        _kept[key] = utcnow(), names
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
