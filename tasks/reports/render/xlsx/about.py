"""The last sheet of a workbook: what the file says of itself, as a table of two columns."""

from tasks.reports.render.layout import Language, Layout
from tasks.reports.render.xlsx.book import Book
from tasks.reports.render.xlsx.table import Table
from tasks.rows import Column, ColumnKind

HEADINGS = {Language.ENGLISH: ("About", "This report"), Language.TURKISH: ("Bilgi", "Bu rapor")}


def write_about(book: Book, layout: Layout, *, rows: int, max_rows: int) -> None:
    """Add the sheet; `rows` is how many all results have together."""
    columns = [Column(heading, ColumnKind.TEXT) for heading in HEADINGS[layout.language]]
    table = Table(book, layout.title_of_about, columns, layout, max_rows)
    table.write(layout.lines_of_about(rows))
    table.finish()
