"""From a format to the renderer that writes it; a process pays only for what it writes."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tasks.reports.render.layout import ONE_TABLE, Format, Layout
from tasks.reports.render.renderer import Renderer
from tasks.reports.render.section import Section, SectionRenderer, StackedRenderer
from tasks.rows import Column


def open_renderer(
    format: Format,
    path: Path,
    columns: Sequence[Column],
    layout: Layout,
) -> Renderer:
    """A renderer that writes to exactly `path`, over what is there; the caller then renames it."""
    if format in ONE_TABLE or _fills_template(format, layout):
        return _one_table(Format(format))(path, columns, layout)
    return _several(Format(format))(path, columns, layout, section=None)


def open_sections(
    format: Format,
    path: Path,
    section: Section,
    columns: Sequence[Column],
    layout: Layout,
) -> SectionRenderer:
    """A renderer for several results: a workbook has a sheet for each, CSV one more column."""
    if format in ONE_TABLE or _fills_template(format, layout):
        begin = partial(_stacked, Format(format), path, layout)
        return StackedRenderer(section, columns, begin)
    return _several(Format(format))(path, columns, layout, section=section)


def _fills_template(format: Format, layout: Layout) -> bool:
    """Whether the workbook is a template, which has room for one result."""
    return format is Format.XLSX and layout.template is not None


def _stacked(format: Format, path: Path, layout: Layout, columns: Sequence[Column]) -> Renderer:
    return _one_table(format)(path, columns, layout)


def _one_table(format: Format) -> Callable[[Path, Sequence[Column], Layout], Renderer]:
    if format is Format.CSV:
        from tasks.reports.render.csv import CsvRenderer

        return CsvRenderer
    if format is Format.XLSX:
        from tasks.reports.workbooks.filling import TemplateRenderer

        return TemplateRenderer
    from tasks.reports.render.parquet import ParquetRenderer

    return ParquetRenderer


def _several(format: Format) -> Callable[..., SectionRenderer]:
    """The class that takes path, columns, layout and `section`, which may be None."""
    if format is Format.PDF:
        from tasks.reports.render.pdf import PdfRenderer

        return PdfRenderer
    if format is Format.HTML:
        from tasks.reports.render.html import HtmlRenderer

        return HtmlRenderer
    if format is Format.JSON:
        from tasks.reports.render.json import JsonRenderer

        return JsonRenderer
    from tasks.reports.render.xlsx import XlsxRenderer

    return XlsxRenderer
