"""Text is sent compressed to whoever takes gzip."""

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 500
LEVEL = 5
TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")


def init_app(app: Flask) -> None:
    """Compress answers on their way out."""
    app.after_request(_compress)


def takes_gzip() -> bool:
    """Whether the browser takes gzip."""
    return request.accept_encodings["gzip"] > 0


def is_text(media_type: str | None) -> bool:
    """Whether answers of this media type are worth compressing."""
    return media_type is not None and media_type.startswith(TEXT)


def _compress(response: Response) -> Response:
    if response.direct_passthrough or response.is_streamed or not is_text(response.mimetype):
        return response
    response.vary.add("Accept-Encoding")
    if takes_gzip() and not response.content_encoding and _is_long(response):
        response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response


def _is_long(response: Response) -> bool:
    return (response.content_length or 0) >= LEAST_BYTES
