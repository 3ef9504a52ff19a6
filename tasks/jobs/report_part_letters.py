"""The letters of the parts of a report, and what is said of rows and addresses without one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tasks.errors import mark
from tasks.jobs.context import JobContext, Letter, ReportFile
from tasks.jobs.report_asked import Asked
from tasks.jobs.report_letters import letters_of
from tasks.reports.bursting.bundles import Bundle
from tasks.reports.bursting.matching import Part, named
from tasks.reports.bursting.words import note_of
from tasks.reports.settings import ReportSettings

MOST_TRIED = 3
"""Parts whose mail comes to whoever tries a task out."""
LONGEST_ADDRESS = 320

WENT_TO_NOBODY = mark("Rows that went to nobody, since no address is known: {rows} ({keys}).")
WERE_CAUGHT = mark("Rows without an address of their own, sent to {caught}: {rows} ({keys}).")
NO_ADDRESS_KNOWN = mark("No address is known for “{key}”, so its rows went to nobody: {rows}.")
ONLY_TRIED = mark("The task was tried out: only the first {count} parts were sent, to {address}.")


def letters_of_bundle(
    context: JobContext,
    settings: ReportSettings,
    asked: Asked,
    bundle: Bundle,
    files: Sequence[ReportFile],
    *,
    number: int,
) -> list[Letter]:
    """Return the letters to those who get this part; what nobody gets is kept as not sent."""
    if not bundle.addresses:
        return [_to_nobody(one) for one in bundle.parts]
    if context.only_to is not None and number >= MOST_TRIED:
        why = ONLY_TRIED.format(count=MOST_TRIED, address=context.only_to)
        return [Letter(one, part=bundle.name, suppressed=why) for one in bundle.addresses]
    recipients = bundle.addresses if context.only_to is None else (context.only_to,)
    letters = letters_of(context, _own(settings, recipients), asked, files, bundle.rows)
    note = _note(settings, bundle)
    return [replace(one, part=bundle.name, body=note + one.body) for one in letters]


def refused_letters(parts: Sequence[Part]) -> Iterator[Letter]:
    """Yield what is kept of addresses that stand in the rows and are not written to."""
    for part in parts:
        for one in part.refused:
            recipient = one.address[:LONGEST_ADDRESS]
            yield Letter(recipient, part=part.key, suppressed=one.why)


def said_of(bundles: Sequence[Bundle]) -> str:
    """Return what the run says of rows without an address; empty where each has one."""
    for one in bundles:
        if one.is_unmatched:
            keys = named(one.keys)
            if one.addresses:
                caught = ", ".join(one.addresses)
                return WERE_CAUGHT.format(caught=caught, rows=one.rows, keys=keys)
            return WENT_TO_NOBODY.format(rows=one.rows, keys=keys)
    return ""


def _own(settings: ReportSettings, recipients: Sequence[str]) -> ReportSettings:
    """The settings of a report that only these people get, and nobody a copy."""
    mail = settings.mail.model_copy(update={"cc": [], "bcc": []})
    return settings.model_copy(update={"recipients": list(recipients), "mail": mail})


def _note(settings: ReportSettings, bundle: Bundle) -> str:
    if not bundle.is_unmatched or settings.burst is None:
        return ""
    return note_of(settings.burst.column, bundle.parts, settings.language) + "\n\n"


def _to_nobody(part: Part) -> Letter:
    why = NO_ADDRESS_KNOWN.format(key=part.key, rows=part.rows)
    return Letter("", part=part.key, suppressed=why)
