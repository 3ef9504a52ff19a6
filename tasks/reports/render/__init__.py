"""Files from rows: one renderer writes one file, batch by batch."""

from tasks.reports.render.layout import Format, Language, Layout
from tasks.reports.render.renderer import FileRenderer, Renderer, open_renderer

__all__ = ["FileRenderer", "Format", "Language", "Layout", "Renderer", "open_renderer"]
