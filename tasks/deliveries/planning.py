"""The deliveries that a run promises: one a letter."""

from collections import Counter
from collections.abc import Sequence
from uuid import uuid4

from tasks.jobs.context import Letter, ReportFile, storable
from tasks.kinds import ArtifactRole, ChannelKind
from tasks.models import Delivery, DeliveryState
from tasks.recipients import refusal_of

FILES = "files"
"""The word of a `target` that says how many files come along: later some may be kept no more."""
OURS = "@task-orchestrator>"
"""How our Message-IDs end; they begin with the run, so that one that comes back is found."""


def plan(
    run_id: int, letters: Sequence[Letter], files: Sequence[ReportFile] = ()
) -> list[Delivery]:
    """Make the delivery rows of a run; to whom nothing may be sent gets one that says why.

    Of letters to the same recipient over the same channel, for the same part, the first one goes.
    """
    of_part = Counter(file.part for file in files if file.role is ArtifactRole.FILE)
    once: dict[tuple[str, ...], Letter] = {}
    for letter in letters:
        once.setdefault(_way_of(letter), letter)
    return [_planned(run_id, letter, of_part[letter.part]) for letter in once.values()]


def _way_of(letter: Letter) -> tuple[str, ...]:
    """Return what no two deliveries of a run have in common."""
    return letter.recipient, letter.channel, letter.channel_slug, letter.part


def _planned(run_id: int, letter: Letter, files: int) -> Delivery:
    why_not = letter.suppressed
    if not why_not and letter.channel is ChannelKind.EMAIL:
        why_not = refusal_of(letter.recipient)
    return Delivery(
        run_id=run_id,
        recipient=letter.recipient,
        channel=letter.channel,
        channel_slug=letter.channel_slug,
        part=letter.part,
        target={**letter.target, FILES: files},
        state=DeliveryState.SUPPRESSED if why_not else DeliveryState.QUEUED,
        reason=why_not,
        subject=storable(letter.subject),
        body=storable(letter.body),
        html=storable(letter.html),
        message_id=f"<{run_id}.{uuid4()}{OURS}",
    )
