"""The settings of a report in the form of its task, which has a layout of its own for them."""

from collections.abc import Mapping
from typing import Any

from flask import request

from tasks.reports.letter import DEFAULT_SUBJECT, DEFAULT_TEXT
from tasks.reports.render import Language
from tasks.settings import settings
from webui.forms import Form, typed

TEXTS = ("source", "sql", "language", "subject", "text", "recipients")


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet."""
    return {
        "source": "",
        "sql": "",
        "recipients": "",
        "formats": ["xlsx"],
        "language": Language(settings().language).value,
        "subject": DEFAULT_SUBJECT,
        "text": DEFAULT_TEXT,
    }


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    given = {name: str(kept.get(name, "")) for name in TEXTS}
    return given | {
        "recipients": "\n".join(kept.get("recipients", [])),
        "formats": list(kept.get("formats", [])),
    }


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    return {name: typed(name) for name in TEXTS} | {"formats": request.form.getlist("formats")}


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them."""
    given = {name: form.text(name) for name in ("source", "language", "subject")}
    return given | {
        "sql": form.values["sql"] if form.text("sql") else "",
        "text": form.values["text"],
        "formats": form.values["formats"],
        "recipients": form.lines("recipients"),
    }
