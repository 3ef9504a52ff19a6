"""Workbooks as LibreOffice opens, calculates and saves them."""
