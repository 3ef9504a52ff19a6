"""The HTML renderer: rows go to the page by one template a row."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from tasks.reports.render.html.guarding import harmless, harmless_column
from tasks.reports.render.html.style import STYLE
from tasks.reports.render.layout import ROWS_LABELS, Language, Layout
from tasks.reports.render.pictures import Picture
from tasks.reports.render.renderer import FileRenderer, by_column, in_batches, refuse_no_columns
from tasks.reports.render.section import Section
from tasks.reports.render.shown import Shown, count_shown, visible
from tasks.reports.render.table_totals import SumRow, TableTotals
from tasks.reports.render.text import utf8
from tasks.rows import Column, Row

HEAD = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{heading}</h1>
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""No script, and no request to anybody, whatever a value says."""
TABLE = '<div class="scroll" role="region" tabindex="0" aria-label="{name}">\n<table>\n<thead><tr>'
CELL, NUMBER_CELL = "<td>%s</td>", '<td class="n">%s</td>'
CHUNK = 1_000
"""Rows made into text at once."""
SEPARATOR = "\x1f"
"""Between texts that are escaped together: `visible` leaves no such sign in any of them."""


class HtmlRenderer(FileRenderer):
    """Writes one page: what the report is, a table for each result, its totals, its pictures."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        layout: Layout,
        *,
        section: Section | None = None,
    ) -> None:
        super().__init__(path, columns)
        self._layout = layout
        self._pictures: tuple[Picture, ...] = ()
        with self._abandoned_on_error():
            self._put(self._head())
            self._begin(columns, section, layout.of_section(section))

    def next_section(self, section: Section, columns: Sequence[Column]) -> None:
        """End the table before, and begin the next one under its name."""
        with self._abandoned_on_error():
            refuse_no_columns(columns)
            self._end_table()
            self._begin(columns, section, self._layout.of_section(section))

    def add_sheet(self, title: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
        """Add a table after those of the results; it has no totals."""
        with self._abandoned_on_error():
            refuse_no_columns(columns)
            self._end_table()
            self._begin(columns, Section(title, ""), self._layout.beside)
            for batch in in_batches(rows):
                self._write(batch)

    def add_pictures(self, pictures: Sequence[Picture]) -> None:
        """Show these below the tables; to be called before `close`."""
        self._pictures = tuple(pictures)

    def _head(self) -> str:
        layout = self._layout
        pairs = "".join(
            f"<dt>{in_page(name)}</dt><dd>{in_page(text)}</dd>\n"
            for name, text in layout.about
            if text != layout.title  # it stands above
        )
        head = HEAD.format(
            language=layout.language,
            policy=POLICY,
            style=STYLE,
            title=escaped(layout.title),
            heading=in_page(layout.title),
        )
        return head + (f"<dl>\n{pairs}</dl>\n" if pairs else "")

    def _begin(self, columns: Sequence[Column], section: Section | None, layout: Layout) -> None:
        self._columns, self._rows = [layout.looks.shown(one) for one in columns], 0
        self._shown = [Shown(column, layout) for column in columns]
        self._totals = TableTotals(columns, layout)
        self._template = row_of(NUMBER_CELL if one.is_number else CELL for one in self._shown)
        kind = f"<small>{escaped(section.kind)}:</small> " if section and section.kind else ""
        heading = f"<h2>{kind}{in_page(section.name)}</h2>\n" if section else ""
        name = escaped(section.name if section else layout.title)
        self._put(heading + TABLE.format(name=name) + self._headers() + "</tr></thead>\n<tbody>\n")

    def _headers(self) -> str:
        return "".join(
            f'<th scope="col"{CLASS[one.is_number]}>{in_page(column.name)}</th>'
            for column, one in zip(self._columns, self._shown, strict=True)
        )

    def _write(self, batch: Sequence[Row]) -> None:
        for start in range(0, len(batch), CHUNK):
            values = by_column(self._columns, batch[start : start + CHUNK])
            stretches = self._totals.add(values)
            texts = [
                all_escaped(harmless_column(one.texts(column), column))
                for one, column in zip(self._shown, values, strict=True)
            ]
            lines = [self._template % cells for cells in zip(*texts, strict=True)]
            for one in stretches:
                self._put("".join([*map(self._sum_line, one.sums), *lines[one.start : one.end]]))
        self._rows += len(batch)

    def _end_table(self) -> None:
        self._put("".join(map(self._sum_line, self._totals.last_groups())))
        totals = self._totals.row()
        foot = f"<tfoot>{self._sum_line(totals)}</tfoot>\n" if totals else ""
        self._put(f"</tbody>\n{foot}</table>\n</div>\n{self._count(self._rows)}")

    def _sum_line(self, sums: SumRow) -> str:
        """A row of sums; its label goes on over the empty cells at its right."""
        cells, after = [], 0
        for n, text in enumerate(sums.texts):
            if n < after:
                continue
            is_label = n == sums.label_at
            after = n + (sums.room_of_label if is_label else 1)
            cells.append(label_cell(text, after - n) if is_label else self._sum_cell(n, text))
        return f'<tr class="sum">{"".join(cells)}</tr>\n'

    def _sum_cell(self, n: int, text: str) -> str:
        return f"<td{CLASS[self._shown[n].is_number]}>{escaped(text)}</td>"

    def _count(self, rows: int) -> str:
        language = self._layout.language
        label = ROWS_LABELS[Language(language)]
        return f'<p class="rows">{label}: {count_shown(rows, language)}</p>\n'

    def _finish(self) -> None:
        self._end_table()
        for picture in self._pictures:
            self._put(figure(picture))
        made = f"<footer>{escaped(self._layout.made_at)}</footer>\n" if self._layout.made_at else ""
        self._put(f"</main>\n{made}</body>\n</html>\n")

    def _put(self, text: str) -> None:
        self._file.write(utf8(text))


CLASS = {True: ' class="n"', False: ""}


def row_of(cells: Iterable[str]) -> str:
    """The template of one row; an end of line after it keeps the file's lines short."""
    return f"<tr>{''.join(cells)}</tr>\n"


def label_cell(text: str, columns: int) -> str:
    spread = f' colspan="{columns}"' if columns > 1 else ""
    return f"<td{spread}>{in_page(text)}</td>"


def escaped(text: str) -> str:
    return escape(visible(text))


def in_page(text: str) -> str:
    """A text that is shown, as markup."""
    return escaped(harmless(text))


def all_escaped(texts: Sequence[str]) -> list[str]:
    """The texts as markup, escaped together where no text needs more than that."""
    joined = SEPARATOR.join(texts)
    if joined.count(SEPARATOR) != len(texts) - 1:
        return list(map(escaped, texts))
    if not (plain := joined.replace(SEPARATOR, "")).isprintable():
        return list(map(escaped, texts))
    return escape(joined).split(SEPARATOR) if NEEDS_ESCAPE.intersection(plain) else list(texts)


NEEDS_ESCAPE = frozenset("&<>\"'")


def figure(picture: Picture) -> str:
    """A picture inside of the page; its title is what a screen reader says."""
    encoded = b64encode(picture.png).decode()
    title = in_page(picture.title)
    return (
        f'<figure><img src="data:image/png;base64,{encoded}" alt="{escaped(picture.text)}">'
        f"<figcaption>{title}</figcaption></figure>\n"
    )
