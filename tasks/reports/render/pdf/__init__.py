"""PDF: pages that an accountant prints and keeps, written with reportlab's canvas."""

from tasks.reports.render.pdf.renderer import PdfRenderer

__all__ = ["PdfRenderer"]
