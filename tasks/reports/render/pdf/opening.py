"""The beginning of the first page: the title, and what the report is."""

from tasks.reports.render.layout import Layout
from tasks.reports.render.pdf.pages import Pages
from tasks.reports.render.pdf.surface import NAVY, SOFT
from tasks.reports.render.pdf.wrapping import wrapped
from tasks.reports.render.shown import visible

TITLE, SMALL, LEADING = 15.0, 8.0, 1.4
GAP = 14.0
"""Points between a label and its text."""
MOST_LINES = 12
"""Lines of one value: a list of hundreds is nothing to read before the table."""


def write_opening(pages: Pages, layout: Layout) -> None:
    """Write it at the top of a page that has just begun."""
    _write_title(pages, layout)
    told = [(label, text) for label, text in layout.about if text != layout.title]
    about = [(visible(label), visible(text)) for label, text in told]
    labels = max((pages.regular.width(label) for label, _ in about), default=0.0) * SMALL
    start = pages.left + min(labels, 150.0) + GAP
    for label, text in about:
        lines = wrapped(text, (pages.right - start) / SMALL, pages.regular.width, MOST_LINES)
        if pages.room < (len(lines) + 1) * SMALL * LEADING:
            pages.turn(pages.paper)
        pages.y -= SMALL * LEADING
        pages.write(label, pages.left, size=SMALL, color=SOFT)
        for n, line in enumerate(lines):
            pages.y -= SMALL * LEADING if n else 0.0
            pages.write(line, start, size=SMALL)
    pages.y -= 12.0


def _write_title(pages: Pages, layout: Layout) -> None:
    room = (pages.right - pages.left) / TITLE
    for line in wrapped(visible(layout.title), room, pages.bold.width, 3):
        pages.y -= TITLE * 1.15
        pages.write(line, pages.left, size=TITLE, color=NAVY, bold=True)
    pages.y -= 4.0
