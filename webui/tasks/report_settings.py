"""The settings of a report in the form of its task, which has a layout of its own for them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Protocol

from flask import request

from tasks.errors import Invalid
from tasks.reports.render import Language
from tasks.reports.settings import USUAL_MOST_ROWS
from tasks.settings import settings
from webui.forms import Form, typed
from webui.tasks import (
    report_burst,
    report_channels,
    report_charts,
    report_condition,
    report_difference,
    report_looks,
    report_mail,
    report_mail_words,
    report_password,
    report_sheets,
    report_template,
)

TEXTS = ("source", "sql", "language", "subject", "text", "recipients", "max_rows", "totals")
NAMES = "totals_names"

NEW_SUBJECT = "{{ title }} – {{ date }}"
NEW_TEXTS = {
    Language.ENGLISH: (
        "{{ title }}, {{ date }} {{ time }}\nRows: {{ rows }}\nFiles: {{ files }}\n\n"
        "{{ parameters }}\n"
    ),
    Language.TURKISH: (
        "{{ title }}, {{ date }} {{ time }}\nSatır: {{ rows }}\nDosyalar: {{ files }}\n\n"
        "{{ parameters }}\n"
    ),
}
"""What a new report begins with: in double braces, so that sums can be put beside these words."""


class Section(Protocol):
    """A module that shows and takes one of the settings that are made of several controls."""

    def empty(self) -> dict[str, Any]:
        """The controls of a report that does not exist yet."""

    def shown(self, kept: Mapping[str, Any]) -> dict[str, Any]:
        """The controls of a report as it is kept."""

    def sent(self) -> dict[str, Any]:
        """The controls as they were sent."""

    def content(self, form: Form) -> dict[str, Any]:
        """The settings as the job takes them, by name; raises Invalid."""


SECTIONS: tuple[Section, ...] = (
    report_looks,
    report_burst,
    report_channels,
    report_sheets,
    report_condition,
    report_difference,
    report_charts,
    report_mail,
    report_mail_words,
    report_template,
    report_password,
)


class Totals(StrEnum):
    """Which columns get a sum."""

    DECIMALS = "decimals"
    NONE = "none"
    NAMED = "named"


def empty() -> dict[str, Any]:
    """The controls of a report that does not exist yet."""
    language = Language(settings().language)
    return {
        "source": "",
        "sql": "",
        "recipients": "",
        "formats": ["xlsx"],
        "language": language.value,
        "subject": NEW_SUBJECT,
        "text": NEW_TEXTS[language],
        "max_rows": str(USUAL_MOST_ROWS),
        "totals": Totals.DECIMALS.value,
        NAMES: "",
        **_together(section.empty() for section in SECTIONS),
    }


def shown(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The controls of a report as it is kept."""
    given = {name: str(kept.get(name, "")) for name in TEXTS}
    return given | {
        "recipients": "\n".join(kept.get("recipients", [])),
        "formats": list(kept.get("formats", [])),
        "max_rows": str(kept.get("max_rows", USUAL_MOST_ROWS)),
        "totals": totals_of(kept).value,
        NAMES: "\n".join(kept.get("totals") or []),
        **_together(section.shown(kept) for section in SECTIONS),
    }


def totals_of(kept: Mapping[str, Any]) -> Totals:
    """Return which columns of a kept report get a sum."""
    names = kept.get("totals")
    if names is None:
        return Totals.DECIMALS
    return Totals.NAMED if names else Totals.NONE


def sent() -> dict[str, Any]:
    """The controls as they were sent."""
    texts = {name: typed(name) for name in (*TEXTS, NAMES)}
    more = _together(section.sent() for section in SECTIONS)
    return texts | {"formats": request.form.getlist("formats")} | more


def content(form: Form) -> dict[str, Any]:
    """The settings as the job takes them; raises Invalid for totals that contradict each other."""
    given = {name: form.text(name) for name in ("source", "language", "subject")}
    return given | {
        "sql": form.values["sql"] if form.text("sql") else "",
        "text": form.values["text"],
        "formats": form.values["formats"],
        "recipients": form.lines("recipients"),
        "max_rows": form.whole("max_rows") or USUAL_MOST_ROWS,
        "totals": _totals(form),
        **_together(section.content(form) for section in SECTIONS),
    }


def _together(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """All of them; two that have a part of the same setting, as of the mail, share it."""
    merged: dict[str, Any] = {}
    for name, value in ((name, value) for part in parts for name, value in part.items()):
        before = merged.get(name)
        both = isinstance(before, dict) and isinstance(value, dict)
        merged[name] = before | value if both else value
    return merged


def _totals(form: Form) -> list[str] | None:
    chosen, names = form.text("totals") or Totals.DECIMALS, form.lines(NAMES)
    if chosen == Totals.NAMED:
        if not names:
            raise Invalid("Name the columns that get a sum, one a line.", field=NAMES)
        return names
    if names:
        raise Invalid(
            "These columns get a sum only where you choose “These columns” for the totals. "
            "Choose that, or take the names away.",
            field=NAMES,
        )
    return [] if chosen == Totals.NONE else None
