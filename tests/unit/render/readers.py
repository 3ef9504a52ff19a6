"""What other programs read out of our files: the oracles of the formats beside the workbook."""

import csv
import gzip
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow.parquet as pq
import pypdfium2
from lxml import html

from tasks.reports.render import Format, Layout, open_renderer
from tasks.rows import Column, Row


def a_file(folder: Path, format: Format, layout: Layout, *columns: Column, rows: list[Row]) -> Path:
    path = folder / f"report{format.suffix}"
    with open_renderer(format, path, columns, layout) as renderer:
        renderer.write(rows)
    return path


def csv_rows(path: Path) -> list[list[str]]:
    """The rows of an English CSV file with its header; gzip is opened."""
    content = path.read_bytes()
    content = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    return list(csv.reader(lines))


def json_told(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(path.read_bytes())
    return told


def html_tables(path: Path) -> list[list[list[str]]]:
    """Each table's rows with its header and its totals, as texts."""
    page = html.parse(str(path), html.HTMLParser(encoding="utf-8"))
    return [
        [[cell.text_content() for cell in row.iter("td", "th")] for row in table.iter("tr")]
        for table in page.iter("table")
    ]


def pdf_pages(path: Path) -> list[str]:
    """The text of each page, as a reader copies it."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]


def parquet_rows(path: Path) -> list[tuple[object, ...]]:
    table = pq.read_table(path)
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def duckdb_rows(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as memory:
        return memory.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
