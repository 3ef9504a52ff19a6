"""The tables and columns of a source, for whoever writes SQL; kept for a few minutes."""

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from tasks.clock import utcnow
from tasks.errors import JobError
from tasks.models import SourceKind
from tasks.rows import Row
from tasks.settings import settings
from tasks.sources.base import Glance, Source
from tasks.sources.by_name import awake, row_of, source_of
from tasks.sources.companies import own_schema
from tasks.sources.naming import columns_in, synonyms_in

READER = "SQL editor"
FETCH_ROWS = 5_000
KEPT = timedelta(minutes=5)
FAILED = timedelta(seconds=10)
"""For so long a source that is away is not asked again for its names."""
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


Place = Callable[[], AbstractContextManager[None]]
"""What bounds how many wait for a source; raises where there is no place."""
_Key = tuple[str, int, str]
_kept: OrderedDict[_Key, tuple[datetime, Names | JobError]] = OrderedDict()
_lock = threading.Lock()


def names_of(source: str, *, company: str = "", place: Place = nullcontext) -> Names:
    """Return the tables of the source of this name; not to be called in a transaction.

    `company` is one of its companies, instead of its own schema; `place` is held while the source
    is asked. Raises JobError where it cannot be asked now, or does not answer in time.
    """
    row = row_of(source)
    schema = company or own_schema(row) or ""
    key = (row.slug, row.version, schema)
    if (known := _remembered(key)) is not None:
        return known
    with place():
        glance = Glance(settings().preview_seconds, FETCH_ROWS)
        opened = source_of(awake(row), reader=READER, glance=glance, company=company)
        try:
            found = _asked(opened, row.kind, schema)
        except JobError as error:
            _remember(key, error)
            raise
    _remember(key, found)
    return found


def forget() -> None:
    """Ask anew from now on."""
    with _lock:
        _kept.clear()


def _asked(opened: Source, kind: SourceKind, schema: str) -> Names:
    synonyms = frozenset(synonyms_in(opened, kind, schema))
    return _gathered(schema, columns_in(opened, kind, schema), synonyms)


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
    """Raises JobError where the source failed a moment ago."""
    with _lock:
        asked_at, found = _kept.get(key, (None, None))
    if asked_at is None or utcnow() - asked_at >= (KEPT if isinstance(found, Names) else FAILED):
        return None
    if isinstance(found, JobError):
        raise found.with_traceback(None)
    return found


def _remember(key: _Key, found: Names | JobError) -> None:
    with _lock:
        _kept[key] = utcnow(), found
        _kept.move_to_end(key)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
