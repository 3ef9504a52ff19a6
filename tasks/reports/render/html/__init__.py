"""HTML: one page that holds all it needs, to be read in any browser, also without a network."""

from tasks.reports.render.html.renderer import HtmlRenderer

__all__ = ["HtmlRenderer"]
