"""Who takes all rows of the query to count, to recognise and, where it is asked, to keep them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tasks.reports.kept.digest import Digest
from tasks.reports.kept.texts import Texts, texts_of
from tasks.reports.limits import Limits
from tasks.reports.render.section import Section
from tasks.rows import Column, ColumnKind, Row

if TYPE_CHECKING:
    from tasks.reports.kept.file import KeptFile

ROWS_NAME = "rows.parquet"
"""What the file of kept rows is called in the folder of an attempt."""
MEDIA_TYPE = "application/vnd.apache.parquet"


class RowKeeper:
    """Makes the digest of all rows, and a file of them where there is a path.

    Of several sections, each row stands behind the name of its own.
    """

    def __init__(self, path: Path | None, limits: Limits) -> None:
        self.path, self._limits = path, limits
        self._digest, self._file = Digest(), _file(path)
        self._columns: Sequence[Column] = ()
        self._section: Section | None = None
        self.rows = 0

    @property
    def further(self) -> "FurtherRows":
        """Who takes the rows of further queries, once all of the first one have passed."""
        return FurtherRows(self._digest)

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:
        self._columns, self._section = columns, section
        self._digest.begin(columns, section.name if section else "")
        if self._file is not None:
            self._file.begin(_with_section(columns, section), section)

    def write(self, batch: Sequence[Row]) -> None:
        """Take the rows; raises JobError past a limit."""
        self.rows += len(batch)
        self._limits.check_rows(self.rows)
        texts = texts_of(self._columns, batch)
        self._digest.take(texts)
        if self._file is not None:
            self._file.write(self._with_name(texts, len(batch)))
            self._limits.check_files([self._file.path])

    def close(self) -> str:
        """Make the file whole; returns the digest of all rows."""
        if self._file is not None:
            self._file.close()
        return self._digest.text()

    def abandon(self) -> None:
        if self._file is not None:
            self._file.abandon()

    def _with_name(self, texts: list[Texts], rows: int) -> list[Texts]:
        return texts if self._section is None else [[self._section.name] * rows, *texts]


class FurtherRows:
    """Makes rows a part of the digest, and keeps none of them."""

    def __init__(self, digest: Digest) -> None:
        self._digest = digest
        self._columns: Sequence[Column] = ()

    def begin(self, columns: Sequence[Column], section: Section | None = None) -> None:
        self._columns = columns
        self._digest.begin(columns, section.name if section else "")

    def write(self, batch: Sequence[Row]) -> None:
        self._digest.take(texts_of(self._columns, batch))

    def abandon(self) -> None:
        """Nothing was left anywhere."""


def _with_section(columns: Sequence[Column], section: Section | None) -> list[Column]:
    return list(columns) if section is None else [Column(section.kind, ColumnKind.TEXT), *columns]


def _file(path: Path | None) -> "KeptFile | None":
    if path is None:
        return None
    from tasks.reports.kept.file import KeptFile  # heavy, and few reports keep their rows

    return KeptFile(path)
