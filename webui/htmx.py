"""htmx: whether a request wants a fragment, and the only import of htmx-flask."""

from flask import Flask, request
from htmx_flask import Htmx
from htmx_flask import make_response as make_htmx_response
from htmx_flask import response as htmx_response

RESWAPS = ["beforebegin", "afterbegin", "innerMorph", "outerMorph"]
"""Missing in htmx-flask 0.1: two for want of a comma, two that came with htmx 4."""

__all__ = ["init_app", "make_htmx_response", "wants_fragment"]


def init_app(app: Flask) -> None:
    """Give requests their `htmx`, and let answers use all of htmx 4's ways to swap."""
    Htmx(app)
    known = htmx_response.RESWAPS
    known.extend(name for name in RESWAPS if name not in known)


def wants_fragment() -> bool:
    """Whether htmx asks for a part; a boosted link and a history restore want a whole page."""
    return request.headers.get("HX-Request-Type") == "partial"
