"""Workbooks of people's own that a report fills, and several results in one workbook."""
