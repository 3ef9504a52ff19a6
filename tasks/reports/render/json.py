"""JSON for programs: exact, streamed, and one line a batch."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from math import isfinite
from pathlib import Path
from types import NoneType
from typing import Any

import orjson

from tasks.reports.render.layout import Layout
from tasks.reports.render.renderer import FileRenderer, by_column, in_batches, refuse_no_columns
from tasks.reports.render.section import Section
from tasks.reports.render.text import exact_text, whole
from tasks.rows import Column, ColumnKind, Row

SAFE = frozenset({bool, date, datetime, NoneType})
"""Types whose every value JSON holds as it is, or as ISO text."""
EXACT_NUMBER = 2**53
"""Readers hold numbers as doubles: a larger whole number is a text."""


class JsonRenderer(FileRenderer):
    """Writes `title`, `about`, `columns` and `rows`; or `sections`, each with its own two.

    A decimal is a text with all its digits, a date ISO text, bytes hexadecimal, NaN a word. Tables
    beside the results stand in `sheets`.
    """

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        layout: Layout,
        *,
        section: Section | None = None,
    ) -> None:
        super().__init__(path, columns)
        self._layout, self._section, self._all_rows = layout, section, 0
        self._is_over, self._sheets = False, 0
        with self._abandoned_on_error():
            about = [{"name": whole(name), "value": whole(text)} for name, text in layout.about]
            head = {"title": whole(layout.title), "language": layout.language, "about": about}
            self._file.write(dumped(head)[:-1] + (b',"sections":[\n' if section else b","))
            self._begin(section, columns)

    def next_section(self, section: Section, columns: Sequence[Column]) -> None:
        """End the result before, and begin the next."""
        with self._abandoned_on_error():
            refuse_no_columns(columns)
            self._end_table()
            self._file.write(b",\n")
            self._begin(section, columns)

    def add_sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Add a table to `sheets`, after the results; its rows are not counted with theirs."""
        with self._abandoned_on_error():
            refuse_no_columns(columns)
            self._end_results()
            self._file.write(b",\n" if self._sheets else b',"sheets":[\n')
            self._sheets += 1
            self._begin_table({"name": whole(title)}, columns)
            for batch in in_batches(rows):
                self._write_rows(batch)
            self._file.write(b'\n],"row_count":%d}' % self._rows)

    def _begin(self, section: Section | None, columns: Sequence[Column]) -> None:
        named = {"name": whole(section.name), "kind": section.kind} if section else {}
        self._begin_table(named, columns)

    def _begin_table(self, named: Mapping[str, object], columns: Sequence[Column]) -> None:
        self._columns, self._rows = columns, 0
        listed = [
            {"name": whole(one.name), "kind": one.kind, "scale": one.scale} for one in columns
        ]
        opened = dumped({**named, "columns": listed})[:-1] + b',"rows":[\n'
        self._file.write(opened if named else opened[1:])

    def _write(self, batch: Sequence[Row]) -> None:
        if batch:
            self._write_rows(batch)
            self._all_rows += len(batch)

    def _write_rows(self, batch: Sequence[Row]) -> None:
        columns = [
            converted(values, is_text=column.kind is ColumnKind.TEXT)
            for column, values in zip(self._columns, by_column(self._columns, batch), strict=True)
        ]
        self._file.write(b",\n" if self._rows else b"")
        self._file.write(dumped(list(zip(*columns, strict=True)))[1:-1])
        self._rows += len(batch)

    def _end_table(self) -> None:
        self._file.write(b'\n],"row_count":%d' % self._rows + (b"}" if self._section else b""))

    def _end_results(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._end_table()
        if self._section:
            self._file.write(b'\n],"row_count":%d' % self._all_rows)

    def _finish(self) -> None:
        self._end_results()
        self._file.write(b"]}\n" if self._sheets else b"}\n")


def converted(values: Sequence[object], *, is_text: bool) -> Sequence[object]:
    """A column's values as orjson takes them, without loss; a text column holds texts only."""
    kinds = set(map(type, values))
    if kinds <= {str, NoneType} and is_sound(values):
        return values
    if is_text:
        return [None if value is None else whole(exact_text(value)) for value in values]
    if kinds <= SAFE:
        return values
    if kinds <= {int, NoneType} and all(map(fits, values)):
        return values
    return list(map(plain, values))


def plain(value: object) -> object:
    """One value as JSON holds it."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if fits(value) else str(value)
    if isinstance(value, float) and isfinite(value):
        return float(value)
    if isinstance(value, date | time):  # a datetime too
        return value.isoformat()
    return whole(exact_text(value))


def fits(value: Any) -> bool:
    return value is None or -EXACT_NUMBER <= value <= EXACT_NUMBER


def is_sound(texts: Iterable[Any]) -> bool:
    """Whether every text can be UTF-8."""
    try:
        "".join(filter(None, texts)).encode()
    except UnicodeEncodeError:
        return False
    return True


def dumped(content: Mapping[str, object] | Sequence[object]) -> bytes:
    return orjson.dumps(content)
