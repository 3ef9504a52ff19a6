"""The mail addresses that a person typed into a report, each with the setting it stands in."""

from collections.abc import Iterator, Mapping
from typing import Any

from tasks.recipients import check_inside
from tasks.reports.bursting.lines import book_of


def check_domains(settings: Mapping[str, Any]) -> None:
    """Raise Invalid for the first address that lies outside of the domains of the installation."""
    for field, addresses in _typed(settings):
        check_inside(addresses, field=field)


def _typed(settings: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield "recipients", settings.get("recipients") or []
    mail = settings.get("mail") or {}
    for name in ("cc", "bcc"):
        yield f"mail.{name}", mail.get(name) or []
    yield "mail.reply_to", list(filter(None, [mail.get("reply_to")]))
    burst = settings.get("burst") or {}
    yield "burst.catch_all", burst.get("catch_all") or []
    for addresses in book_of(burst.get("lines") or []).values():
        yield "burst.lines", list(addresses)
