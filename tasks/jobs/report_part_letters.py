"""The letters of the parts of a report, and what is said of rows and addresses without one."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.jobs.context import REFUSED, JobContext, Letter, storable
from tasks.jobs.report_letters import letters_of
from tasks.jobs.report_part_files import MadePart
from tasks.reports.bursting.bundles import Bundle
from tasks.reports.bursting.lines import MOST_ADDRESSES
from tasks.reports.bursting.matching import Part, named
from tasks.reports.bursting.sentences import (
    NO_ADDRESS_KNOWN,
    TOO_MANY_ADDRESSES,
    WENT_TO_NOBODY,
    WERE_CAUGHT,
)
from tasks.reports.bursting.words import note_of, title_of
from tasks.reports.mail.content import More
from tasks.reports.mail.page import line_on_top
from tasks.reports.settings import ReportSettings

LONGEST_ADDRESS = 320


def letters_of_bundle(
    context: JobContext,
    settings: ReportSettings,
    bundle: Bundle,
    made: MadePart,
) -> list[Letter]:
    """Return the letters to those who get this part; what nobody gets is kept as not sent.

    That of a part with too many addresses fails once it is to be sent, as a mail does.
    """
    if not bundle.addresses:
        return [_to_nobody(one) for one in bundle.parts]
    letters = letters_of(
        context,
        settings.model_copy(update={"recipients": list(bundle.addresses)}),
        made.asked,
        made.files,
        bundle.rows,
        figures=made.told.figures,
        part=title_of(bundle.name, settings.language),
        more=made.told.more(More(), made.files),
    )
    note = _note(settings, bundle)
    return [_noted(replace(one, part=bundle.name), note) for one in letters]


def refused_letters(parts: Sequence[Part]) -> list[Letter]:
    """Return what is kept of addresses that stand in the rows and are not written to."""
    found: dict[tuple[str, str], Letter] = {}
    for part in parts:
        for one in part.refused:
            recipient = storable(one.address)[:LONGEST_ADDRESS]
            letter = Letter(recipient, part=part.key, suppressed=storable(one.why))
            found[recipient, part.key] = letter
    return list(found.values())


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


def _note(settings: ReportSettings, bundle: Bundle) -> str:
    if not bundle.is_unmatched or settings.burst is None:
        return ""
    return note_of(settings.burst.column, bundle.parts, settings.language)


def _noted(letter: Letter, note: str) -> Letter:
    """The letter with a line above everything else."""
    if not note:
        return letter
    html = line_on_top(letter.html, [note]) if letter.html else ""
    return replace(letter, body=f"{note}\n\n{letter.body}", html=html)


def _to_nobody(part: Part) -> Letter:
    if part.is_crowded:
        why = TOO_MANY_ADDRESSES.format(key=part.key, most=MOST_ADDRESSES, rows=part.rows)
        return Letter("", part=part.key, target={REFUSED: why})
    why = NO_ADDRESS_KNOWN.format(key=part.key, rows=part.rows)
    return Letter("", part=part.key, suppressed=why)
