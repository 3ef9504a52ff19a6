"""What stands in a version of a task, field by field, in the reader's words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import format_decimal, gettext, lazy_gettext, ngettext

from tasks.authorship import REPORT
from tasks.errors import Invalid
from tasks.jobs.registry import find_job
from tasks.log import MASK
from tasks.models import Overlap
from tasks.versions import SETTINGS
from webui.choices import priorities
from webui.error_kinds import KINDS
from webui.filters import percent
from webui.masks import is_secret
from webui.tasks import (
    report_burst,
    report_channels,
    report_charts,
    report_condition,
    report_difference,
    report_looks,
    report_mail,
    report_password,
)
from webui.tasks.chain_lines import chain_lines
from webui.tasks.choices import FORMATS, LANGUAGES, OVERLAPS, TOTALS
from webui.tasks.job_settings import fields_of
from webui.tasks.parameter_lines import parameter_lines
from webui.tasks.report_settings import Totals
from webui.tasks.waits import length_in_words

Words = str | Sequence[str]
"""One value, or several, or the lines of a text."""

NOTHING = "–"
LISTS = (
    *("settings.recipients", "settings.channels", "alert_recipients", "retry_on"),
    *("parameters", "chains"),
)
"""These compare line by line, also where one of the two has no line."""
LABELS = {
    "title": lazy_gettext("Title"),
    "description": lazy_gettext("Description"),
    "job": lazy_gettext("Job"),
    "settings.source": lazy_gettext("Source"),
    "settings.sql": lazy_gettext("SQL"),
    "settings.formats": lazy_gettext("Files"),
    "settings.language": lazy_gettext("Language of the files"),
    "settings.totals": lazy_gettext("Totals below the rows"),
    "settings.max_rows": lazy_gettext("Rows, at most"),
    "settings.recipients": lazy_gettext("Recipients"),
    "settings.subject": lazy_gettext("Subject of the mail"),
    "settings.text": lazy_gettext("Text of the mail"),
    "settings.looks": lazy_gettext("Looks of the files"),
    "settings.template": lazy_gettext("Workbook template"),
    "settings.file_password": lazy_gettext("Password of the Excel file"),
    "settings.template_table": lazy_gettext("Table for the rows"),
    "settings.sheets": lazy_gettext("Further queries"),
    "settings.gzip": lazy_gettext("Compress the CSV file (csv.gz)"),
    "settings.pdf_max_rows": lazy_gettext("Rows in a PDF, at most"),
    "settings.charts": lazy_gettext("Charts"),
    "settings.condition": lazy_gettext("When it is sent"),
    "settings.difference": lazy_gettext("Difference to the run before"),
    "settings.burst": lazy_gettext("Each recipient its own rows"),
    "settings.channels": lazy_gettext("Where else it goes"),
    "settings.mail": lazy_gettext("How it is sent"),
    "parameters": lazy_gettext("Parameters"),
    "queue": lazy_gettext("Queue"),
    "priority": lazy_gettext("Priority"),
    "timeout_seconds": lazy_gettext("Time limit"),
    "max_attempts": lazy_gettext("Attempts in all"),
    "retry_delay_seconds": lazy_gettext("First wait"),
    "retry_backoff": lazy_gettext("Growth"),
    "retry_max_delay_seconds": lazy_gettext("Longest wait"),
    "retry_jitter": lazy_gettext("Spread"),
    "retry_on": lazy_gettext("Try again after these errors"),
    "safe_to_repeat": lazy_gettext("It is safe to repeat"),
    "overlap": lazy_gettext("When it is due again while it still runs"),
    "max_running": lazy_gettext("Runs at once, at most"),
    "start_deadline_seconds": lazy_gettext("Start within"),
    "finish_deadline_seconds": lazy_gettext("Deliver within"),
    "alert_recipients": lazy_gettext("Who is told when it is late"),
    "artifact_retention_days": lazy_gettext("Files are kept for"),
    "artifact_keep_last": lazy_gettext("Files of the last runs are kept"),
    "run_retention_days": lazy_gettext("Runs are kept for"),
    "chains": lazy_gettext("What runs next"),
    "is_active": lazy_gettext("State"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the sources and tasks are called that a version names by their slugs."""

    sources: Mapping[str, str]
    tasks: Mapping[str, str]


def label_of(name: str, job: str) -> str:
    """Return what the task's form calls a field; a setting of a job as its signature does."""
    if name in LABELS:
        return str(LABELS[name])
    setting = name.removeprefix(SETTINGS)
    try:
        titles = {} if job == REPORT else {one.name: one.title for one in fields_of(job)}
    except Invalid:  # the job is not installed here
        titles = {}
    return str(gettext(titles.get(setting) or setting.replace("_", " ").capitalize()))


def words_of(name: str, value: Any, names: Names, before: Any = None) -> Words:
    """Say the value of a field; a list, or a text of several lines, line by line.

    Secrets are masked; where another one stood `before` in the field, that is said.
    """
    if value is None or value in ("", []):
        return _nothing(name, value)
    say = _WORDS.get(name)
    if say is not None:
        return say(value)
    if name == "settings.file_password":
        return report_password.words(value, before)
    if name == "settings.source":
        return names.sources.get(value, str(value))
    if name == "parameters":
        return parameter_lines(value, before or ())
    if name == "chains":
        return chain_lines(value, names.tasks, before or ())
    return _plain(value)


def _nothing(name: str, value: object) -> Words:
    """Say what it means that nothing stands in the field."""
    if name == "settings.totals":
        return str(TOTALS[Totals.DECIMALS if value is None else Totals.NONE])
    if name == "max_running":
        return str(gettext("no limit"))
    return [] if name in LISTS else NOTHING


def _plain(value: Any) -> Words:
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, int | float):
        return str(format_decimal(value))
    if isinstance(value, Mapping):
        return list(_leaves(value))
    if isinstance(value, list):
        return [" · ".join(_leaves(one)) if isinstance(one, Mapping) else str(one) for one in value]
    return str(value)


def _leaves(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield name and value of each part of a setting that is said; a secret is hidden."""
    for name, part in value.items():
        if part is None or part in ("", [], {}):
            continue
        if is_secret(name):
            yield f"{name}: {MASK}"
        elif isinstance(part, Mapping):
            yield from (f"{name}.{leaf}" for leaf in _leaves(part))
        else:
            words = _plain(part)
            yield f"{name}: {words if isinstance(words, str) else ', '.join(words)}"


def _length(seconds: int) -> str:
    return length_in_words(timedelta(seconds=seconds))


def _days(count: int) -> str:
    return str(ngettext("%(num)s day", "%(num)s days", count))


def _job(name: str) -> str:
    try:
        return str(gettext(find_job(name).title))
    except Invalid:
        return name


def _kinds(kinds: Sequence[str]) -> Sequence[str]:
    known = {kind.value: str(word) for kind, word in KINDS.items()}
    return [known.get(kind, kind) for kind in kinds]


_WORDS: Mapping[str, Callable[[Any], Words]] = {
    "job": _job,
    "settings.formats": lambda given: [str(FORMATS.get(one, one)) for one in given],
    "settings.language": lambda given: LANGUAGES.get(given, given),
    "settings.sheets": lambda given: [
        line for one in given for line in (f"{one['title']}:", *one["sql"].splitlines())
    ],
    "settings.condition": report_condition.words,
    "settings.difference": report_difference.words,
    "settings.burst": report_burst.words,
    "settings.charts": report_charts.words,
    "settings.looks": report_looks.words,
    "settings.channels": report_channels.words,
    "settings.mail": report_mail.words,
    "priority": lambda given: dict(priorities())[str(given)],
    "timeout_seconds": _length,
    "retry_delay_seconds": _length,
    "retry_max_delay_seconds": _length,
    "retry_jitter": percent,
    "retry_on": _kinds,
    "overlap": lambda given: str(OVERLAPS[Overlap(given)]),
    "start_deadline_seconds": _length,
    "finish_deadline_seconds": _length,
    "artifact_retention_days": _days,
    "run_retention_days": _days,
    "is_active": lambda given: str(gettext("On") if given else gettext("Off")),
}
