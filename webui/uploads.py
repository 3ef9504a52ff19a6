"""Requests that bring a file may be larger than those of a form."""

from flask import Flask, request

UPLOADS = {"workbooks.create": 11_000_000, "workbooks.change": 11_000_000}
"""Bytes of a whole request, by the view that takes it: a workbook of 10 MB, and what is around."""


def init_app(app: Flask) -> None:
    """Raise the limit before anything reads the form."""
    app.before_request(_allow)


def _allow() -> None:
    if request.endpoint in UPLOADS:
        request.max_content_length = UPLOADS[request.endpoint]
