"""Parquet for programs that calculate: exact types, compressed, in groups of 100,000 rows."""

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tasks.reports.render.layout import Layout
from tasks.reports.render.parquet_types import Unfit, array_of, first_type, wider_type
from tasks.reports.render.renderer import FileRenderer, by_column
from tasks.reports.render.text import whole
from tasks.rows import Column, Row

GROUP = 100_000
"""Rows of a group; readers skip whole groups, and memory holds one."""


class ParquetRenderer(FileRenderer):
    """Writes one table whose types come from the columns.

    A value that its column's type cannot hold makes the type wider, at last to text, also where
    rows are in the file already: nothing is lost, and no run fails for one value.
    """

    def __init__(self, path: Path, columns: Sequence[Column], layout: Layout) -> None:
        super().__init__(path, columns)
        self._columns, self._layout = columns, layout
        self._names = names_of(columns)
        self._types = [first_type(column) for column in columns]
        self._waiting: list[Any] = []
        self._count = 0
        with self._abandoned_on_error():
            self._writer = self._open()

    def _write(self, batch: Sequence[Row]) -> None:
        if not batch:
            return
        values = by_column(self._columns, batch)
        arrays = [self._array(n, values[n]) for n in range(len(values))]
        self._waiting.append(pa.table(arrays, schema=self._schema()))
        self._count += len(batch)
        if self._count >= GROUP:
            self._write_group()

    def _array(self, n: int, values: Sequence[object]) -> Any:
        while True:
            try:
                return array_of(values, self._types[n], self._layout)
            except Unfit:
                self._widen(n, values)

    def _widen(self, n: int, values: Sequence[object]) -> None:
        """Give the column a wider type; what is written or waits already is written anew."""
        self._write_group()
        self._types[n] = wider_type(self._types[n], values)
        if not self._written:
            self._start_anew()
            return
        with tempfile.TemporaryFile(dir=self._path.parent) as before:
            self._close_writer()
            self._file.flush()
            with self._path.open("rb") as written:
                shutil.copyfileobj(written, before)
            try:
                self._copy(before)
            except Unfit:  # an older number has too many digits for the new decimals
                self._types[n] = pa.string()
                self._copy(before)

    def _copy(self, before: IO[bytes]) -> None:
        """Write the rows of another file into this one, in the types of now."""
        self._start_anew()
        before.seek(0)
        reader = pq.ParquetFile(before)
        for group in range(reader.num_row_groups):
            self._writer.write_table(self._as_now(reader.read_row_group(group)))
            self._written = True

    def _as_now(self, table: Any) -> Any:
        arrays = [
            column if column.type == wanted else array_of(column.to_pylist(), wanted, self._layout)
            for column, wanted in zip(table.columns, self._types, strict=True)
        ]
        return pa.table(arrays, schema=self._schema())

    def _write_group(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting), row_group_size=GROUP)
            self._waiting, self._count, self._written = [], 0, True

    def _start_anew(self) -> None:
        self._close_writer()
        self._file.seek(0)
        self._file.truncate()
        self._writer = self._open()

    def _schema(self) -> Any:
        fields = [pa.field(name, kind) for name, kind in zip(self._names, self._types, strict=True)]
        return pa.schema(fields, metadata={"title": whole(self._layout.title).encode()})

    def _open(self) -> Any:
        self._written = False
        return pq.ParquetWriter(self._file, self._schema(), compression="zstd")

    def _close_writer(self) -> None:
        self._writer.close()

    def _finish(self) -> None:
        self._write_group()
        self._close_writer()

    def _remove(self) -> None:
        # The writer must not touch the file when it is collected later.
        with suppress(OSError, ValueError, AttributeError):
            self._close_writer()
        super()._remove()


def names_of(columns: Sequence[Column]) -> list[str]:
    """The columns' names, each once: readers refuse a table with two of one name."""
    names: list[str] = []
    for column in columns:
        name, number = whole(column.name), 2
        while name in names:
            name, number = f"{whole(column.name)} ({number})", number + 1
        names.append(name)
    return names
