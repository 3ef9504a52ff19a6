"""A picture as PNG, for mails and PDF: with the product's own font, and nothing from outside."""

from pathlib import Path

import resvg_py

import tasks.reports.render

FONTS = Path(tasks.reports.render.__file__).parent / "pdf" / "fonts"
ZOOM = 2
"""Pixels of the PNG for one of the drawing: sharp on a phone, and on paper."""


def png_of(svg: str) -> bytes:
    """Return the picture as PNG, twice as large as it was drawn."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=ZOOM,
            skip_system_fonts=True,
            font_files=[str(FONTS / name) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )
    )
