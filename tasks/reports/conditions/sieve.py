"""Only the rows that the last delivered run did not have go on to the files."""

from collections.abc import Sequence

from tasks.reports.kept.keys import KnownKeys, key_hashes
from tasks.reports.kept.named import places_of
from tasks.reports.kept.texts import Texts, texts_of
from tasks.reports.limits import Limits
from tasks.reports.render.section import Section
from tasks.reports.taking import Taker
from tasks.rows import Column, Row


class OnlyNew:
    """Hands on the rows whose key is not known; of several companies the company is a part of it.

    All rows count for the limit of the task, not only those that are new.
    """

    def __init__(self, keys: Sequence[str], known: KnownKeys, taker: Taker, limits: Limits) -> None:
        self._keys, self._known, self._taker, self._limits = keys, known, taker, limits
        self._places: list[int] = []
        self._columns: list[Column] = []
        self._section: Section | None = None
        self._rows = 0

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:
        self._places, self._section = places_of(self._keys, columns), section
        self._columns = [columns[place] for place in self._places]
        self._taker.begin(columns, section)

    def write(self, batch: Sequence[Row]) -> None:
        self._rows += len(batch)
        self._limits.check_rows(self._rows)
        hashes = key_hashes(self._key_texts(batch))
        new = [row for row, hashed in zip(batch, hashes, strict=True) if hashed not in self._known]
        if new:
            self._taker.write(new)

    def abandon(self) -> None:
        self._taker.abandon()

    def _key_texts(self, batch: Sequence[Row]) -> list[Texts]:
        texts = texts_of(self._columns, [[row[place] for place in self._places] for row in batch])
        return texts if self._section is None else [[self._section.name] * len(batch), *texts]
