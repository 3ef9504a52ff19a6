"""CSV as Excel of the reader's language opens it, safe against formulas in texts."""

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from tasks.reports.render.layout import Language, Layout
from tasks.reports.render.renderer import FileRenderer, by_column
from tasks.reports.render.text import exact_text, utf8
from tasks.rows import Column, Row

FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""A spreadsheet may run a text that begins so (OWASP, CSV injection)."""


class CsvRenderer(FileRenderer):
    """Writes UTF-8 with BOM; Turkish gets `;`, decimal commas and DD.MM.YYYY; no totals row.

    The layout may ask for the file as gzip.
    """

    def __init__(self, path: Path, columns: Sequence[Column], layout: Layout) -> None:
        super().__init__(path, columns)
        self._columns, self._lines = columns, Lines(layout)
        self._packed = Packed() if layout.gzip else None
        with self._abandoned_on_error():
            header = [guarded(column.name) for column in columns]
            self._put(BOM_UTF8 + utf8(self._lines.text([header])))

    def _write(self, batch: Sequence[Row]) -> None:
        columns = [self._lines.converted(v) for v in by_column(self._columns, batch)]
        self._put(utf8(self._lines.text(zip(*columns, strict=True))))

    def _put(self, lines: bytes) -> None:
        self._file.write(self._packed.some(lines) if self._packed else lines)

    def _finish(self) -> None:
        if self._packed:
            self._file.write(self._packed.end())


class Packed:
    """Bytes as gzip: without name or time, so that the same rows give the same file."""

    def __init__(self) -> None:
        from isal import isal_zlib

        self._deflate = isal_zlib.compressobj(level=2, wbits=31)

    def some(self, content: bytes) -> bytes:
        packed: bytes = self._deflate.compress(content)
        return packed

    def end(self) -> bytes:
        rest: bytes = self._deflate.flush()
        return rest


class Lines:
    """Rows as lines of CSV, in the words and signs of one language."""

    def __init__(self, layout: Layout) -> None:
        self._turkish = layout.language is Language.TURKISH
        self._layout = layout
        self._buffer = io.StringIO(newline="")
        self._writer = csv.writer(self._buffer, delimiter=";" if self._turkish else ",")
        self._texts: dict[type, Callable[..., str]] = {
            str: guarded,
            bool: self._boolean,
            int: str,
            float: self._float,
            Decimal: self._decimal,
            datetime: self._moment,
            date: self._day,
            time: time.isoformat,
            timedelta: exact_text,
            type(None): empty,
        }

    def text(self, rows: Iterable[Sequence[object]]) -> str:
        """The rows as lines, each ended by CR LF."""
        self._writer.writerows(rows)
        lines = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return lines

    def converted(self, values: Sequence[object]) -> Sequence[object]:
        """A column's values as texts; what the csv module writes rightly is left as it is."""
        types = set(map(type, values))
        if types <= {int, type(None)} or (types == {str} and is_harmless(values)):
            return values
        if len(types) == 1 and (convert := self._texts.get(types.pop())):
            return list(map(convert, values))
        return [self._converted(value) for value in values]

    def _converted(self, value: object) -> str:
        convert = self._texts.get(type(value))
        if convert is None:
            kinds = (kind for kind in self._texts if isinstance(value, kind))
            convert = self._texts[next(kinds)] if isinstance(value, KNOWN) else unknown
        return convert(value)

    def _boolean(self, value: bool) -> str:
        if self._turkish:
            return "DOĞRU" if value else "YANLIŞ"
        return "TRUE" if value else "FALSE"

    def _float(self, value: float) -> str:
        text = exact_text(value)
        return text.replace(".", ",") if self._turkish else text

    def _decimal(self, value: Decimal) -> str:
        text = str(value)
        if "E" in text:
            text = exact_text(value)
        return text.replace(".", ",") if self._turkish else text

    def _day(self, value: date) -> str:
        text = value.isoformat()
        return f"{text[8:10]}.{text[5:7]}.{text[:4]}" if self._turkish else text

    def _moment(self, value: datetime) -> str:
        if value.tzinfo:
            value = self._layout.wall_clock(value)
        text = value.isoformat(" ")
        return f"{text[8:10]}.{text[5:7]}.{text[:4]}{text[10:]}" if self._turkish else text


KNOWN = (str, bool, int, float, Decimal, datetime, date, time, timedelta)


def guarded(text: str) -> str:
    """The text, with a `'` before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text[:1] in FORMULA_STARTS else text


def is_harmless(texts: Sequence[object]) -> bool:
    return FORMULA_STARTS.isdisjoint([text[:1] for text in texts])  # type: ignore[index]


def unknown(value: object) -> str:
    return guarded(exact_text(value))


def empty(_: None) -> str:
    return ""
