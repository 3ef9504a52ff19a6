"""The form's part about how the mail of a report looks: its formatted form beside its text."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext

from webui.forms import Form, typed

HTML, ROWS, FIGURES = "mail-html", "mail-rows", "mail-figures"
WORDS = (
    (
        "{{ title }}, {{ date }}, {{ time }}",
        lazy_gettext("the task, and when the run was meant for"),
    ),
    (
        "{{ rows }}, {{ files }}, {{ parameters }}",
        lazy_gettext("how many rows, the names of the files, the values"),
    ),
    (
        '{{ total("Balance") }}',
        lazy_gettext("the sum of a column; also least, largest and count"),
    ),
    ('{{ total("Balance")|number(0) }}', lazy_gettext("rounded to so many decimals")),
    (
        '{{ change("Balance") }}, {{ change_percent("Balance") }}',
        lazy_gettext("against the last delivered run"),
    ),
    (
        '{{ before.date }}, {{ before.total("Balance") }}',
        lazy_gettext("of the last delivered run"),
    ),
    ("{{ difference }}", lazy_gettext("new, gone and changed rows, where the task compares")),
    (
        "{{ part }}, {{ recipient }}, {{ link }}",
        lazy_gettext("whose rows, who gets it, the page of the run"),
    ),
    ("{% if rows > 100 %} … {% else %} … {% endif %}", lazy_gettext("one text or another")),
)
"""What can stand in a subject and a text, and what it means."""


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet."""
    return {HTML: "", ROWS: "0", FIGURES: ""}


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    mail = kept.get("mail") or {}
    return {
        HTML: "on" if mail.get("html") else "",
        ROWS: str(mail.get("rows", 0)),
        FIGURES: "\n".join(mail.get("figures", [])),
    }


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    return {name: typed(name) for name in (HTML, ROWS, FIGURES)}


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them, by name."""
    return {
        "mail": {
            "html": bool(form.values[HTML]),
            "rows": form.whole(ROWS, field="mail.rows") or 0,
            "figures": form.lines(FIGURES),
        }
    }
