"""What the folded parts of a report's form hold, in a few words each, so that none must be opened.

All of it is said from the controls as they stand in the form, whether they can be saved or not.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from tasks.reports.conditions.settings import ConditionKind
from tasks.reports.mail.settings import Attach
from webui.tasks import (
    report_burst,
    report_channels,
    report_charts,
    report_condition,
    report_looks,
    report_mail,
    report_mail_words,
    report_sheets,
    report_template,
)

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Folded:
    """A part of the form: how to say what is set in it, and how the names of its controls begin."""

    words: Callable[[Values], Iterable[str]]
    controls: tuple[str, ...]


def said(part: str, values: Values) -> str:
    """Say what is set in a part of the form; empty where all is usual."""
    return " · ".join(filter(None, (str(one) for one in PARTS[part].words(values))))


def is_wrong(part: str, errors: Iterable[str]) -> bool:
    """Whether a control in this part has an error, so that it has to be seen."""
    return any(name.startswith(PARTS[part].controls) for name in errors)


def _looks(values: Values) -> Iterable[str]:
    if groups := _listed(values, report_looks.GROUPS):
        yield gettext("Sums for each %(columns)s", columns=groups)
    if above := values.get(report_looks.ABOVE):
        yield ", ".join(str(report_looks.LINES.get(one, one)) for one in above)
    if columns := report_looks.COLUMNS.count(values):
        yield ngettext("%(num)s column", "%(num)s columns", columns)
    if rules := report_looks.RULES.count(values):
        yield ngettext("%(num)s colour", "%(num)s colours", rules)


def _sheets(values: Values) -> Iterable[str]:
    if queries := report_sheets.count(values):
        yield ngettext("%(num)s further query", "%(num)s further queries", queries)
    if values.get("gzip"):
        yield "csv.gz"
    rows = str(values.get("pdf_max_rows", "")).strip()
    if rows and rows != report_sheets.empty()["pdf_max_rows"]:
        yield f"{gettext('Rows in a PDF, at most')}: {rows}"


def _mail_ways(values: Values) -> Iterable[str]:
    for name, word in (("mail-cc", "CC"), ("mail-bcc", "BCC")):
        if people := _listed(values, name):
            yield f"{word}: {people}"
    if answers := str(values.get("mail-reply_to", "")).strip():
        yield f"{gettext('Answers go to')}: {answers}"
    if account := values.get("mail-account"):
        yield dict(values[report_mail.ACCOUNTS])[account]
    if values.get(report_mail.ATTACH) not in ("", None, Attach.FILES.value):
        way = report_mail.ATTACHED.get(values[report_mail.ATTACH], "")
        yield f"{gettext('The files come')}: {way}"
    if values.get(report_mail.STOP):
        yield gettext("End the mail with how to stop it")


def _charts(values: Values) -> Iterable[str]:
    if charts := report_charts.count(values):
        yield ngettext("%(num)s chart", "%(num)s charts", charts)
    elif values.get(report_mail_words.HTML):
        yield gettext("Formatted mail")
    if figures := _listed(values, report_mail_words.FIGURES):
        yield f"{gettext('Sums in large letters')}: {figures}"
    if (rows := str(values.get(report_mail_words.ROWS, "")).strip()) not in ("", "0"):
        yield f"{gettext('First rows in the mail')}: {rows}"


def _burst(values: Values) -> Iterable[str]:
    if way := values.get(report_burst.FROM):
        yield f"{gettext('Split by the column')}: {values.get('burst-column', '')}"
        yield str(report_burst.WAYS.get(way, ""))


def _condition(values: Values) -> Iterable[str]:
    kind = values.get(report_condition.KIND) or ConditionKind.ALWAYS.value
    yield str(report_condition.KINDS.get(kind, ""))


def _difference(values: Values) -> Iterable[str]:
    if values.get("difference-on"):
        yield gettext(
            "rows are known again by %(keys)s", keys=_listed(values, "difference-keys") or "–"
        )


def _channels(values: Values) -> Iterable[str]:
    chosen = values.get(report_channels.CHOSEN, ())
    yield from (one.title for one in values[report_channels.OFFERED] if one.slug in chosen)


def _listed(values: Values, name: str) -> str:
    """Return the lines of a control beside each other."""
    lines = (line.strip() for line in str(values.get(name, "")).splitlines())
    return ", ".join(filter(None, lines))


def _template(values: Values) -> Iterable[str]:
    if chosen := values.get(report_template.TEMPLATE):
        yield dict(values[report_template.OFFERED])[chosen]


PARTS: Mapping[str, Folded] = {
    "template": Folded(_template, ("template", "file_password")),
    "looks": Folded(_looks, ("looks-",)),
    "sheets": Folded(_sheets, ("sheets-", "gzip", "pdf_max_rows")),
    "mail_ways": Folded(_mail_ways, (*report_mail.TEXTS, report_mail.ATTACH, report_mail.STOP)),
    "charts": Folded(
        _charts,
        ("charts-", report_mail_words.HTML, report_mail_words.ROWS, report_mail_words.FIGURES),
    ),
    "burst": Folded(_burst, ("burst-",)),
    "condition": Folded(_condition, ("condition-",)),
    "difference": Folded(_difference, ("difference-",)),
    "channels": Folded(_channels, ("channels",)),
}
