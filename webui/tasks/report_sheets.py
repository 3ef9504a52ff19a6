"""The form's part about the files of a report in detail, and its further queries.

Its rows are added and removed by buttons that send the form, so they work without a script.
"""

import re
from collections.abc import Mapping
from typing import Any

from flask import request

from tasks.reports.render.layout import USUAL_PDF_ROWS
from webui.forms import Form, typed

_CONTROL = re.compile(r"sheets-(\d{1,2})-title")
PARTS = ("title", "sql")


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet."""
    return {"gzip": "", "pdf_max_rows": str(USUAL_PDF_ROWS)}


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    values = {
        "gzip": "on" if kept.get("gzip") else "",
        "pdf_max_rows": str(kept.get("pdf_max_rows", USUAL_PDF_ROWS)),
    }
    for sheet in kept.get("sheets") or ():
        add(values, sheet)
    return values


def sent() -> dict[str, Any]:
    """The controls as they were sent; the rows are numbered anew, without gaps."""
    values: dict[str, Any] = {"gzip": typed("gzip"), "pdf_max_rows": typed("pdf_max_rows")}
    for number in sorted({int(m[1]) for key in request.form if (m := _CONTROL.fullmatch(key))}):
        add(values, {part: typed(f"sheets-{number}-{part}") for part in PARTS})
    return values


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them, by name."""
    return {
        "gzip": bool(form.values["gzip"]),
        "pdf_max_rows": form.whole("pdf_max_rows") or USUAL_PDF_ROWS,
        "sheets": [
            {"title": form.text(f"sheets-{n}-title"), "sql": _sql(form, n)}
            for n in range(count(form.values))
        ],
    }


def count(values: Mapping[str, Any]) -> int:
    """How many further queries the form shows."""
    return sum(1 for name in values if _CONTROL.fullmatch(name))


def add(values: dict[str, Any], sheet: Mapping[str, Any] | None = None) -> None:
    """Add a row at the end, empty unless given."""
    given, number = sheet or {}, count(values)
    values |= {f"sheets-{number}-{part}": str(given.get(part, "")) for part in PARTS}


def remove(values: dict[str, Any], number: int) -> None:
    """Remove a row; those below move up."""
    rows = [
        {part: values.pop(f"sheets-{n}-{part}") for part in PARTS} for n in range(count(values))
    ]
    for n, row in enumerate(rows):
        if n != number:
            add(values, row)


def _sql(form: Form, number: int) -> str:
    name = f"sheets-{number}-sql"
    return str(form.values[name]) if form.text(name) else ""
