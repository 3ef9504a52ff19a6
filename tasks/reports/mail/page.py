"""The formatted form of a mail: one HTML page without a script and without anything to load.

Mail programs know tables and styles on each element; the sheet at the top only turns the colours
in the dark and makes room on a phone, where a program reads it.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from html import escape

from tasks.reports.first_rows import Sample
from tasks.reports.mail.content import KeyFigure, Shown
from tasks.reports.render.layout import Language, Layout
from tasks.reports.render.shown import NUMERIC, count_shown, visible
from tasks.reports.render.shown import Shown as ShownValues
from tasks.reports.written import number_written, scaled
from tasks.rows import Column, ColumnKind

TOP = "<!-- top -->"
"""Where a line can be put above everything else; no text of a report can hold it."""

SHEET = """
@media (prefers-color-scheme: dark) {
  .page { background: #0c0e12 !important; }
  .card { background: #14171d !important; border-color: #262b35 !important; }
  .text, .value, .cell { color: #eceff4 !important; }
  .quiet, .label, .head { color: #9ba5b5 !important; }
  .head, .cell, .box { border-color: #262b35 !important; }
  .box, .head { background: #1b1f27 !important; }
}
@media (max-width: 600px) {
  .card { padding: 16px !important; }
  .box { display: block !important; width: auto !important; margin-bottom: 8px !important; }
}"""
FONT = "font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
QUIET = "margin:12px 0 0;font-size:13px;color:#535c6b"
LINE = "border-bottom:1px solid #e4e7ec"
ROWS_SHOWN = {
    Language.ENGLISH: "The first {shown} of {rows} rows",
    Language.TURKISH: "{rows} satırın ilk {shown} satırı",
}
ALL_ROWS = {Language.ENGLISH: "All {rows} rows", Language.TURKISH: "{rows} satırın tümü"}
LONGEST_CELL = 200
"""Letters of one cell that a mail shows; the file has them all."""


def page(
    layout: Layout,
    text: str,
    *,
    rows: int,
    key_figures: Sequence[KeyFigure] = (),
    sample: Sample | None = None,
    pictures: Sequence[Shown] = (),
    notices: Sequence[str] = (),
) -> str:
    """Return the page; `rows` is how many there are, of which `sample` may hold the first."""
    content = [
        _text(text),
        _key_figures(key_figures),
        *map(_picture, pictures),
        _table(sample, layout, rows) if sample and sample.rows else "",
        *(f'<p class="quiet" style="{QUIET}">{_escaped(one)}</p>' for one in notices),
    ]
    title = _escaped(layout.title)
    return (
        f'<!doctype html>\n<html lang="{layout.language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{SHEET}\n</style>\n</head>\n"
        f'<body class="page" style="margin:0;padding:16px;background:#f7f8fa;{FONT}">\n'
        '<div class="card" style="max-width:760px;margin:0 auto;padding:24px 28px;'
        'background:#ffffff;border:1px solid #e4e7ec;border-radius:10px">\n'
        f'{TOP}\n<h1 class="text" style="margin:0 0 12px;font-size:20px;line-height:1.3;'
        f'color:#101828">{title}</h1>\n' + "\n".join(filter(None, content)) + "\n</div>\n"
        "</body>\n</html>\n"
    )


def line_on_top(html: str, lines: Sequence[str]) -> str:
    """Return the page with these lines above everything else."""
    box = "".join(
        '<p class="box text" style="margin:0 0 12px;padding:10px 14px;background:#fff4e0;'
        f'border-radius:7px;font-size:14px;color:#5c3300">{_escaped(one)}</p>\n'
        for one in lines
    )
    return html.replace(TOP, TOP + "\n" + box, 1)


def _text(text: str) -> str:
    lines = _escaped(text.strip()).replace("\n", "<br>\n")
    style = "margin:0 0 16px;font-size:14px;line-height:1.5;color:#101828"
    return f'<p class="text" style="{style}">{lines}</p>' if lines else ""


def _key_figures(several: Sequence[KeyFigure]) -> str:
    if not several:
        return ""
    return (
        '<table role="presentation" cellspacing="8" cellpadding="0" width="100%" '
        'style="margin:0 -8px 12px;width:calc(100% + 16px)"><tr>'
        + "".join(map(_key_figure, several))
        + "</tr></table>"
    )


def _key_figure(one: KeyFigure) -> str:
    change = (
        f'<div class="quiet" style="font-size:12px;color:#535c6b">{_escaped(one.change)}</div>'
        if one.change
        else ""
    )
    return (
        '<td class="box" valign="top" style="padding:12px 14px;background:#f2f4f7;'
        'border-radius:8px">'
        f'<div class="label" style="font-size:12px;color:#535c6b">{_escaped(one.label)}</div>'
        '<div class="value" style="font-size:20px;font-weight:600;color:#101828;'
        f'white-space:nowrap">{_escaped(one.value)}</div>{change}</td>'
    )


def _picture(one: Shown) -> str:
    return (
        f'<p style="margin:0 0 16px"><img src="cid:{_escaped(one.name)}" '
        f'alt="{_escaped(one.text)}" width="{one.width}" height="{one.height}" '
        f'style="display:block;width:100%;max-width:{one.width}px;height:auto;border-radius:8px"></p>'
    )


def _table(sample: Sample, layout: Layout, rows: int) -> str:
    shown = [ShownValues(column, layout) for column in sample.columns]
    heads = "".join(
        f'<th scope="col" class="head" align="{_side(column.kind in NUMERIC)}" style="padding:6px '
        f'10px;background:#f2f4f7;color:#535c6b;font-weight:600;{LINE}">{_cut(column.name)}</th>'
        for column in sample.columns
    )
    cells = [
        partial(_cell, layout.language, *both) for both in zip(sample.columns, shown, strict=True)
    ]
    body = "\n".join(_row(row, cells) for row in sample.rows)
    words = (ALL_ROWS if len(sample.rows) >= rows else ROWS_SHOWN)[layout.language].format(
        shown=count_shown(len(sample.rows), layout.language),
        rows=count_shown(rows, layout.language),
    )
    return (
        '<div style="overflow-x:auto"><table cellspacing="0" cellpadding="0" width="100%" '
        'style="border-collapse:collapse;font-size:13px;line-height:1.35">\n'
        f'<caption class="quiet" style="padding:0 0 6px;text-align:left;font-size:13px;'
        f'color:#535c6b">{_escaped(words)}</caption>\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _row(row: Sequence[object], cells: Sequence[Callable[[object], str]]) -> str:
    return f"<tr>{''.join(cell(value) for value, cell in zip(row, cells, strict=True))}</tr>"


def _cell(language: Language, column: Column, shown: ShownValues, value: object) -> str:
    """One value; of an amount the zeros past the second decimal are left out."""
    if isinstance(value, Decimal) and column.kind is ColumnKind.DECIMAL:
        text = number_written(scaled(value, column.scale), language)
    else:
        text = shown.text(value)
    return (
        f'<td class="cell" align="{_side(shown.is_number)}" style="padding:5px 10px;color:#101828;'
        f'vertical-align:top;{LINE}{";white-space:nowrap" if shown.is_number else ""}">'
        f"{_cut(text)}</td>"
    )


def _side(is_number: bool) -> str:
    return "right" if is_number else "left"


def _cut(text: str) -> str:
    return _escaped(text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…")


def _escaped(text: str) -> str:
    return escape(visible(text))
