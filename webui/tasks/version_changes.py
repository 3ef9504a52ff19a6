"""What differs between two versions of a task, as their page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask_babel import gettext, lazy_gettext

from tasks.authorship import REPORT
from tasks.lines_compared import Comparison, compare_lines, lines_of
from tasks.models.base import JsonObject
from tasks.versions import SETTINGS, completed, differences, fields_of, lacking
from webui.permissions import Permission, can
from webui.tasks.version_words import Names, Words, label_of, words_of

GROUPS = {
    "title": lazy_gettext("Title"),
    "description": lazy_gettext("Description"),
    "settings.source": lazy_gettext("Source"),
    "settings.sql": lazy_gettext("SQL"),
    "settings.formats": lazy_gettext("Files"),
    "settings.language": lazy_gettext("Files"),
    "settings.totals": lazy_gettext("Files"),
    "settings.looks": lazy_gettext("Files"),
    "settings.template": lazy_gettext("Files"),
    "settings.template_table": lazy_gettext("Files"),
    "settings.file_password": lazy_gettext("Files"),
    "settings.sheets": lazy_gettext("Files"),
    "settings.gzip": lazy_gettext("Files"),
    "settings.pdf_max_rows": lazy_gettext("Files"),
    "settings.charts": lazy_gettext("Files"),
    "settings.difference": lazy_gettext("Files"),
    "settings.condition": lazy_gettext("Mail"),
    "settings.burst": lazy_gettext("Mail"),
    "settings.mail": lazy_gettext("Mail"),
    "settings.channels": lazy_gettext("Mail"),
    "settings.max_rows": lazy_gettext("Rows, at most"),
    "settings.recipients": lazy_gettext("Recipients"),
    "settings.subject": lazy_gettext("Mail"),
    "settings.text": lazy_gettext("Mail"),
    "parameters": lazy_gettext("Parameters"),
    "queue": lazy_gettext("Queue"),
    "priority": lazy_gettext("Priority"),
    "timeout_seconds": lazy_gettext("Time limit"),
    "safe_to_repeat": lazy_gettext("Retry"),
    "overlap": lazy_gettext("Several at once"),
    "max_running": lazy_gettext("Several at once"),
    "start_deadline_seconds": lazy_gettext("Deadlines"),
    "finish_deadline_seconds": lazy_gettext("Deadlines"),
    "alert_recipients": lazy_gettext("Who is told when it is late"),
    "artifact_retention_days": lazy_gettext("How long it is kept"),
    "artifact_keep_last": lazy_gettext("How long it is kept"),
    "run_retention_days": lazy_gettext("How long it is kept"),
    "chains": lazy_gettext("What runs next"),
}
Shown = TypeVar("Shown")
RETRY = ("max_attempts", "retry_")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after, in words; by lines where it has several.

    It is hidden where only an author may see what it says.
    """

    label: str
    before: str = ""
    after: str = ""
    lines: Comparison | None = None
    is_code: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of one version in words."""

    label: str
    words: Words
    is_code: bool = False
    is_hidden: bool = False


def changed_in_words(before: JsonObject | None, after: JsonObject) -> list[str]:
    """Return what a version changed, in a few words; the first version began the task."""
    if before is None:
        return [gettext("The task was made")]
    words = [_group(one.name, one.after) for one in differences(before, after)]
    return list(dict.fromkeys(words)) or [gettext("Nothing that anybody decides")]


def changes_between(before: JsonObject, after: JsonObject, names: Names) -> list[FieldChange]:
    """Return every field that differs, old and new."""
    hidden = _hides(before) or _hides(after)
    job = completed(after)["job"]
    found: list[FieldChange] = []
    for one in differences(before, after):
        if hidden and one.name.startswith(SETTINGS):
            found.append(FieldChange(gettext("What it does"), is_hidden=True))
        else:
            found.append(_change(one.name, job, one.before, one.after, names))
    return _once(found)


def fields_in_words(content: JsonObject, names: Names) -> list[Field]:
    """Return every field of a version."""
    job = completed(content)["job"]
    fields: list[Field] = []
    for name, value in fields_of(content).items():
        if name.startswith(SETTINGS) and _hides(content):
            fields.append(Field(gettext("What it does"), "", is_hidden=True))
        else:
            words = words_of(name, value, names)
            fields.append(Field(label_of(name, job), words, is_code=name == "settings.sql"))
    return _once(fields)


def lacking_in_words(content: JsonObject) -> list[str]:
    """Return what did not exist yet when the version was kept."""
    job = completed(content)["job"]
    return list(dict.fromkeys(label_of(name, job) for name in lacking(content)))


def _once(given: Sequence[Shown]) -> list[Shown]:
    """Return each only once: what is hidden looks the same, field by field."""
    return [one for number, one in enumerate(given) if one not in given[:number]]


def _change(name: str, job: str, before: Any, after: Any, names: Names) -> FieldChange:
    old, new = words_of(name, before, names), words_of(name, after, names, before)
    label, is_code = label_of(name, job), name == "settings.sql"
    if is_code or _has_lines(old) or _has_lines(new):
        return FieldChange(label, lines=compare_lines(_lines(old), _lines(new)), is_code=is_code)
    return FieldChange(label, str(old), str(new))


def _has_lines(words: Words) -> bool:
    return not isinstance(words, str) or "\n" in words


def _lines(words: Words) -> Sequence[str]:
    return lines_of(words) if isinstance(words, str) else words


def _group(name: str, after: object) -> str:
    if name == "is_active":
        return str(gettext("It was switched on") if after else gettext("It was switched off"))
    if name in GROUPS:
        return str(GROUPS[name])
    if name.startswith(RETRY):
        return str(gettext("Retry"))
    return str(gettext("What it does"))


def _hides(content: JsonObject) -> bool:
    """Whether the settings may hold a password, as those of every job but the report may."""
    return completed(content)["job"] != REPORT and not can(Permission.AUTHOR)
