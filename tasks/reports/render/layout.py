"""What the caller decides about a file: its format, its language, its title, its totals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum

from tasks.reports.render.looks import TableLooks
from tasks.reports.render.section import Section
from tasks.reports.render.template import Template
from tasks.rows import Column, ColumnKind, Row


class Format(StrEnum):
    """A kind of file that a report can make."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    HTML = "html"
    JSON = "json"
    PARQUET = "parquet"

    @property
    def suffix(self) -> str:
        """The end of the file's name, with its dot."""
        return f".{self.value}"

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv",
    Format.PDF: "application/pdf",
    Format.HTML: "text/html",
    Format.JSON: "application/json",
    Format.PARQUET: "application/vnd.apache.parquet",
}
ONE_TABLE = frozenset({Format.CSV, Format.PARQUET})
"""Formats that hold one table only: results of other columns cannot share a file."""

USUAL_PDF_ROWS, MOST_PDF_ROWS = 5_000, 50_000
"""Rows that a PDF shows, if its author says nothing; and at most."""


class Language(StrEnum):
    """The language of a file: its words, and how it writes dates and decimals."""

    ENGLISH = "en"
    TURKISH = "tr"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file looks; the same layout serves every format.

    `totals` names the columns that get a sum in the last row: None means every DECIMAL column and
    no other (an INTEGER is too often a number of a document) that is no share by its looks, an
    empty tuple means no totals row.
    A CSV file never has one: it is read by programs. An instant with an offset is shown as the
    clock of `timezone` reads; None keeps the clock that the value came with. `about` holds label
    and text of what a workbook says of itself on its last sheet; without it there is no such sheet.
    """

    title: str
    language: Language = Language.ENGLISH
    totals: tuple[str, ...] | None = None
    totals_label: str | None = None
    timezone: tzinfo | None = None
    about: tuple[tuple[str, str], ...] = ()
    looks: TableLooks = field(default_factory=TableLooks)
    meant_for: str = ""
    """The line at the head of each page, in the file's language; pages only."""
    made_at: str = ""
    """The line at the foot of each page."""
    pdf_max_rows: int = USUAL_PDF_ROWS
    whole_in: tuple[Format, ...] = ()
    """The report's other files, which hold all rows where a PDF shows the first ones."""
    gzip: bool = False
    """Whether a CSV file is compressed."""
    template: Template | None = None
    """The workbook that an XLSX file is made from; without it one of our own is made."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "language", Language(self.language))

    @property
    def label_of_totals(self) -> str:
        return self.totals_label or TOTALS_LABELS[self.language]

    @property
    def title_of_about(self) -> str:
        return ABOUT_TITLES[self.language]

    def titled(self, title: str) -> "Layout":
        """The layout of a file under another title, also where it stands above the rows."""
        above = (title, *self.looks.above[1:]) if self.looks.above else ()
        return replace(self, title=title, looks=replace(self.looks, above=above))

    def of_section(self, section: Section | None) -> "Layout":
        """How one of several results looks: as its company shows numbers and days.

        Only the first query has groups and colours.
        """
        if section is None:
            return self
        looks = self.looks.in_company(section.company)
        if section.further:
            looks = replace(looks, groups=(), rules=())
        return replace(self, looks=looks)

    @property
    def beside(self) -> "Layout":
        """How a table looks that is no result: without totals, under its columns' own names."""
        return replace(self, totals=(), looks=TableLooks())

    def has_groups(self, columns: Sequence[Column]) -> bool:
        """Whether sorted rows get sums below each group: it takes a column that is added up."""
        return bool(self.looks.groups_in(columns)) and self.has_totals(columns)

    def lines_of_about(self, rows: int) -> list[Row]:
        """The last sheet's rows, with how many rows the results have together."""
        count = f"{rows:,}".replace(",", "." if self.language is Language.TURKISH else ",")
        return [*self.about, (ROWS_LABELS[self.language], count)]

    def has_total(self, column: Column) -> bool:
        if self.looks.of(column).as_text or column.name in self.looks.groups:
            return False
        if self.totals is None:
            return column.kind is ColumnKind.DECIMAL and not self.looks.of(column).is_share
        return column.name in self.totals and column.kind in SUMMABLE

    def has_totals(self, columns: Iterable[Column]) -> bool:
        return any(map(self.has_total, columns))

    def wall_clock(self, instant: datetime) -> datetime:
        """The instant without its offset, as the clock of the layout's zone reads."""
        try:
            return instant.astimezone(self.timezone or instant.tzinfo).replace(tzinfo=None)
        except OverflowError:  # "for ever" as 9999-12-31 with an offset stays that day
            return instant.replace(tzinfo=None)


ABOUT_TITLES = {Language.ENGLISH: "About", Language.TURKISH: "Bilgi"}
ROWS_LABELS = {Language.ENGLISH: "Rows", Language.TURKISH: "Satır"}
TOTALS_LABELS = {Language.ENGLISH: "Total", Language.TURKISH: "Toplam"}
SUMMABLE = frozenset({ColumnKind.DECIMAL, ColumnKind.INTEGER, ColumnKind.FLOAT})
