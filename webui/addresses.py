"""Addresses of our own pages: where a login or a switch leads back to."""

from urllib.parse import urlsplit

from flask import request, url_for


def safe(address: str | None) -> str | None:
    """Return the address where it is a path of this site, else None."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    if any(character < " " or character in "\\\x7f" for character in address):
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def wanted() -> str:
    """Return the path that this request asks for, with its query."""
    return request.full_path if request.query_string else request.path


def where_from(default: str | None = None) -> str:
    """Return the page of ours that this request was sent from, else the first page."""
    parts = urlsplit(request.headers.get("HX-Current-URL") or request.referrer or "")
    here = urlsplit(request.host_url)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if parts.netloc == here.netloc and (path := safe(address)):
        return path
    return default or url_for("today.index")
