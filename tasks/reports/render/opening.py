"""From a format to the renderer that writes it; a process pays only for what it writes."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tasks.reports.render.layout import Format, Layout
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
    if Format(format) is Format.CSV:
        from tasks.reports.render.csv import CsvRenderer

        return CsvRenderer(path, columns, layout)
    from tasks.reports.render.xlsx import XlsxRenderer

    return XlsxRenderer(path, columns, layout)


def open_sections(
    format: Format,
    path: Path,
    section: Section,
    columns: Sequence[Column],
    layout: Layout,
) -> SectionRenderer:
    """A renderer for several results: a workbook has a sheet for each, CSV one more column."""
    if Format(format) is Format.CSV:
        return StackedRenderer(section, columns, partial(_csv, path, layout))
    from tasks.reports.render.xlsx import XlsxRenderer

    return XlsxRenderer(path, columns, layout, section=section)


def _csv(path: Path, layout: Layout, columns: Sequence[Column]) -> Renderer:
    return open_renderer(Format.CSV, path, columns, layout)
