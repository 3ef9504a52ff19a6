"""Files from rows: one renderer writes one file, batch by batch."""

from tasks.reports.render.layout import Format, Language, Layout
from tasks.reports.render.opening import open_renderer, open_sections
from tasks.reports.render.renderer import FileRenderer, Renderer
from tasks.reports.render.section import Section, SectionRenderer

__all__ = [
    "FileRenderer",
    "Format",
    "Language",
    "Layout",
    "Renderer",
    "Section",
    "SectionRenderer",
    "open_renderer",
    "open_sections",
]
