"""The file of kept rows: their texts as parquet, and in its head what the columns are."""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tasks.errors import ErrorKind, JobError
from tasks.reports.kept.named import places_of
from tasks.reports.kept.texts import Texts
from tasks.reports.render.section import Section
from tasks.rows import Column, ColumnKind

GROUP = 25_000
"""Rows that are compressed together; so many are held in memory."""
HEAD = b"orchestrator"


@dataclass(frozen=True, slots=True)
class KeptHead:
    """What a file of kept rows holds; `sections` where its first column names a section."""

    columns: tuple[Column, ...]
    sections: bool
    rows: int

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def own(self) -> tuple[Column, ...]:
        """The columns of the query."""
        return self.columns[1:] if self.sections else self.columns

    def lacks(self, names: Sequence[str]) -> list[str]:
        """Return those of these names that no column of the query has."""
        known = {column.name for column in self.own}
        return [name for name in names if name not in known]


class KeptFile:
    """Writes kept rows; the first rows that come open the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._columns: list[Column] = []
        self._writer: parquet.ParquetWriter | None = None
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def begin(self, columns: list[Column], section: Section | None) -> None:
        """Begin the only result or the next section; raises JobError where its columns differ."""
        if self._writer is None:
            self._columns = columns
            schema = _schema(columns, sections=section is not None)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = parquet.ParquetWriter(
                self.path, schema, compression="zstd", use_dictionary=False, write_statistics=False
            )
        elif [one.name for one in columns] != [one.name for one in self._columns]:
            raise JobError(
                "{section} has other columns than the company before it, so the rows cannot be "
                "compared with those of another run. Name the same columns in the query.",
                kind=ErrorKind.SQL,
                section=section.name if section else "",
            )

    def write(self, texts: Sequence[Texts]) -> None:
        """Append the rows of these columns."""
        arrays = [pa.array(column, pa.string()) for column in texts]
        self._waiting.append(pa.record_batch(arrays, names=_names(len(arrays))))
        self._rows += len(texts[0]) if texts else 0
        if self._rows >= GROUP:
            self._flush()

    def close(self) -> None:
        """Make the file whole."""
        if self._writer is not None:
            self._flush()
            self._writer.close()

    def abandon(self) -> None:
        """Leave no file behind."""
        self._waiting.clear()
        with suppress(OSError):  # a full disk refuses the last bytes too: the file goes anyway
            self.close()
        self.path.unlink(missing_ok=True)

    def _flush(self) -> None:
        if self._waiting and self._writer is not None:
            table = pa.Table.from_batches(self._waiting).replace_schema_metadata(
                self._writer.schema.metadata
            )
            self._writer.write_table(table, row_group_size=2 * GROUP)
        self._waiting, self._rows = [], 0


def head_of(path: Path) -> KeptHead:
    """Return what a file of kept rows holds."""
    with parquet.ParquetFile(path) as file:
        head = json.loads(file.schema_arrow.metadata[HEAD])
        columns = tuple(
            Column(one["name"], ColumnKind(one["kind"]), one["scale"]) for one in head["columns"]
        )
        return KeptHead(columns, head["sections"], file.metadata.num_rows)


def key_places(head: KeptHead, keys: Sequence[str]) -> list[int]:
    """Return where the key stands; of several companies the company is a part of it."""
    places = places_of(keys, head.own)
    return [0, *(place + 1 for place in places)] if head.sections else places


def texts_in(path: Path, places: Sequence[int]) -> Iterator[list[Texts]]:
    """Yield the texts of the columns at these places, batch by batch."""
    names = [f"c{place}" for place in places]
    with parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=10_000, columns=names):
            yield [batch.column(name).to_pylist() for name in names]


def _schema(columns: Sequence[Column], *, sections: bool) -> pa.Schema:
    told = [{"name": one.name, "kind": one.kind.value, "scale": one.scale} for one in columns]
    head = json.dumps({"columns": told, "sections": sections})
    fields = [(name, pa.string()) for name in _names(len(columns))]
    return pa.schema(fields, metadata={HEAD: head.encode()})


def _names(count: int) -> list[str]:
    return [f"c{place}" for place in range(count)]
