"""XLSX by our own hand: a streaming writer with memory that does not grow with the rows."""

from tasks.reports.render.xlsx.renderer import MAX_ROWS, XlsxRenderer

__all__ = ["MAX_ROWS", "XlsxRenderer"]
