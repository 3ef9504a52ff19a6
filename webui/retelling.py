"""Sentences that stand in the database, in English, told in the language of the request."""

from collections.abc import Mapping

from flask import Flask
from flask_babel import get_locale

from tasks.alert_mails import NEVER_SAID
from tasks.chains.following import BROKEN, UNREADABLE
from tasks.channels.email import WENT_AS_LINK
from tasks.deliveries.again import ASKED_FOR
from tasks.deliveries.ending import BROKE, SENT_TWICE
from tasks.deliveries.interrupted import DIED
from tasks.deliveries.sending import UNSUBSCRIBED
from tasks.errors import mark
from tasks.incidents.telling import FAILED, IN_DOUBT, NOT_DELIVERED, RECOVERED, UNEXPLAINED
from tasks.queries.failing import NOT_EVERYBODY
from tasks.recipients import NO_ADDRESS, OUTSIDE
from tasks.reports.bursting.sentences import (
    FILES_WRITTEN,
    NO_ADDRESS_KNOWN,
    NO_PARTS,
    TOO_MANY_ADDRESSES,
    WENT_TO_NOBODY,
    WERE_CAUGHT,
)
from tasks.reports.conditions.verdict import REASONS
from tasks.reports.difference.sentences import NO_KEY, OTHER_COMPANIES
from tasks.retold import retold, values_retold
from tasks.runs.deadlines import CAME_LATE, LATE, NOT_STARTED, OVERLAPPED
from tasks.runs.disk import NEARLY_FULL
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
    mark("It came back from the recipient's mail server: {why}"),
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
    NO_ADDRESS,
    OUTSIDE,
    WENT_TO_NOBODY,
    WERE_CAUGHT,
    NO_ADDRESS_KNOWN,
    NO_PARTS,
    TOO_MANY_ADDRESSES,
    NO_KEY,
    OTHER_COMPANIES,
    FILES_WRITTEN,
    mark("rows read"),
    mark("rows read; now in {company}"),
    mark("Run {id} had not ended yet."),
    mark("The scheduler was not running at this time; a later instant was run instead."),
    mark("The schedule was changed before this instant was fired."),
    mark("The log of the attempt could not be written on the server: {why}."),
    mark("The task is switched off."),
    mark(
        "The worker {worker} died or lost its connection during attempt {attempt}: "
        "its last heartbeat was at {seen}."
    ),
    mark("The worker {worker} was stopped during attempt {attempt}."),
    mark("{actor} asked to cancel it."),
    mark("{recipient} did not get it: {why}"),
    ASKED_FOR,
    BROKE,
    DIED,
    SENT_TWICE,
    UNSUBSCRIBED,
    WENT_AS_LINK,
    NEVER_SAID,
    SILENT,
    NOT_STARTED,
    CAME_LATE,
    OVERLAPPED,
    *LATE.values(),
    STUCK,
    RUN_STUCK,
    SWITCHED_OFF,
    FAILED,
    NOT_DELIVERED,
    IN_DOUBT,
    NOT_EVERYBODY,
    RECOVERED,
    UNEXPLAINED,
    NEARLY_FULL,
    *REASONS,
    BROKEN,
    UNREADABLE,
)
"""What the engine writes about a run by itself, beside the sentences of errors."""


def init_app(app: Flask) -> None:
    """Give templates the filter `told`."""
    app.add_template_filter(told)


def told(text: str | None) -> str:
    """Tell a stored sentence in the language of the request; an unknown one stays as it is."""
    return retold(text, str(get_locale()))


def values_told(values: Mapping[str, object]) -> dict[str, object]:
    """Return what a template is filled with, told in the language of the request."""
    return values_retold(values, str(get_locale()))
