"""Sentences that stand in the database, in English, told in the language of the request."""

import re
from collections.abc import Mapping
from functools import lru_cache

from flask import Flask
from flask_babel import get_locale, get_translations, gettext, lazy_gettext

from tasks.alert_mails import NEVER_SAID
from tasks.chains.following import BROKEN, UNREADABLE
from tasks.errors import mark
from tasks.runs.deadlines import CAME_LATE, LATE, NOT_STARTED, OVERLAPPED
from tasks.scheduling.stepping_over import RUN_STUCK, STUCK
from tasks.scheduling.switched_off import SWITCHED_OFF
from tasks.watch import SILENT

STORED = (
    mark("Attempt {attempt} of {most} died; the next one follows."),
    mark("Attempt {attempt} of {most} failed; it will be tried again."),
    mark("Cancelled by {actor}."),
    mark("Deleted logs: {logs}, files: {files}, runs: {runs}, sessions: {sessions}."),
    mark(
        "Deleted logs: {logs}, files: {files}, runs: {runs}, sessions: {sessions}, "
        "alerts: {alerts}, mails about them: {mails}."
    ),
    mark("It could not start by {time}."),
    mark("It has no recipients, so nothing was sent."),
    mark("It ran longer than its time limit."),
    mark("It was cancelled while it ran."),
    mark("It was cancelled; its worker has died."),
    mark(
        "The job broke with {error}. This is a fault of the program: "
        "the log of the attempt tells more."
    ),
    mark("More than {count} runs would follow from the end of run {id}."),
    mark("More than {count} runs would follow one another."),
    mark("rows read"),
    mark("rows read; now in {company}"),
    mark("Run {id} had not ended yet."),
    mark("The scheduler was not running at this time; a later instant was run instead."),
    mark("The schedule was changed before this instant was fired."),
    mark("The log of the attempt could not be written on the server: {why}."),
    mark("The task is switched off."),
    mark("The worker died while it sent this mail, so nobody knows whether it arrived."),
    mark(
        "The worker {worker} died or lost its connection during attempt {attempt}: "
        "its last heartbeat was at {seen}."
    ),
    mark("The worker {worker} was stopped during attempt {attempt}."),
    mark("{actor} asked to cancel it."),
    mark("{recipient} did not get it: {why}"),
    NEVER_SAID,
    SILENT,
    NOT_STARTED,
    CAME_LATE,
    OVERLAPPED,
    *LATE.values(),
    STUCK,
    RUN_STUCK,
    SWITCHED_OFF,
    BROKEN,
    UNREADABLE,
)
"""What the engine writes about a run by itself, beside the sentences of errors."""

STATES = {
    "queued": lazy_gettext("queued"),
    "running": lazy_gettext("running"),
    "succeeded": lazy_gettext("succeeded"),
    "failed": lazy_gettext("failed"),
    "timed_out": lazy_gettext("timed out"),
    "cancelled": lazy_gettext("cancelled"),
    "lost": lazy_gettext("lost"),
    "skipped": lazy_gettext("skipped"),
}
"""The one value of a stored sentence that is a word of ours and not a name."""

NESTED = ("why", "reason")
"""The values that may be sentences of ours themselves, or what another program said."""
SAID = {"company": r'[^",:\x00-\x1f\x7f]+', "recipient": r"\S+"}
"""What such a value can be; else the first of several sentences would swallow the others.

A company is what tasks.sources.companies.COMPANY allows, but the colon that stands behind it.
"""

SENTENCE_END = re.compile(r"(?<=[.!?]) ")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
LEAST_LITERAL = 12
"""Characters; a template of less would fit almost any sentence."""


def init_app(app: Flask) -> None:
    """Give templates the filter `told`."""
    app.add_template_filter(told)


def told(text: str | None) -> str:
    """Tell a stored sentence in the language of the request; an unknown one stays as it is."""
    if not text:
        return ""
    whole: str = gettext(text)
    if whole != text:
        return whole
    found = _template_of(text, str(get_locale()))
    if found is None:
        return _told_one_by_one(text)
    template, values = found
    sentence: str = gettext(template)
    return sentence.format(**values_told(values))


def values_told(values: Mapping[str, object]) -> dict[str, object]:
    """Return what a template is filled with, told in the language of the request."""
    return {name: _in_words(name, value) for name, value in values.items()}


def _told_one_by_one(text: str) -> str:
    """Tell each of several sentences; one that is unknown stays as it is."""
    parts = SENTENCE_END.split(text)
    return " ".join(map(told, parts)) if len(parts) > 1 else text


def _in_words(name: str, value: object) -> object:
    if name in NESTED and isinstance(value, str):
        return told(value)
    return STATES.get(str(value), value) if name == "state" else value


@lru_cache(maxsize=2_000)
def _template_of(text: str, language: str) -> tuple[str, dict[str, str]] | None:
    """Return the template that the sentence was made from, and what it was filled with."""
    for template, pattern in _patterns(language):
        if match := pattern.fullmatch(text):
            return template, match.groupdict()
    return None


@lru_cache(maxsize=10)
def _patterns(_language: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return the templates that this language knows, those that say most first."""
    known = getattr(get_translations(), "_catalog", {})
    templates = [one for one in known if isinstance(one, str) and _is_template(one)]
    templates.sort(key=lambda one: len(PLACEHOLDER.sub("", one)), reverse=True)
    return [(one, _pattern(one)) for one in templates]


def _is_template(sentence: str) -> bool:
    names = PLACEHOLDER.findall(sentence)
    plain = PLACEHOLDER.sub("", sentence)
    return bool(names) and "{" not in plain and len(plain) >= LEAST_LITERAL


def _pattern(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    pattern = ""
    for part, name in zip(*[iter([*PLACEHOLDER.split(template), ""])] * 2, strict=True):
        pattern += re.escape(part)
        if name:
            said = SAID.get(name, ".+")
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{said})"
            seen.add(name)
    return re.compile(pattern, re.DOTALL)
