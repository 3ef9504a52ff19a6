"""The deliveries that a run promises: one a letter."""

from collections.abc import Sequence
from uuid import uuid4

from tasks.jobs.context import Letter, storable
from tasks.kinds import ChannelKind
from tasks.models import Delivery, DeliveryState
from tasks.recipients import refusal_of


def plan(run_id: int, letters: Sequence[Letter]) -> list[Delivery]:
    """Make the delivery rows of a run; to whom nothing may be sent gets one that says why."""
    return [_planned(run_id, letter) for letter in letters]


def _planned(run_id: int, letter: Letter) -> Delivery:
    why_not = letter.suppressed
    if not why_not and letter.channel is ChannelKind.EMAIL:
        why_not = refusal_of(letter.recipient)
    return Delivery(
        run_id=run_id,
        recipient=letter.recipient,
        channel=letter.channel,
        channel_slug=letter.channel_slug,
        part=letter.part,
        target=dict(letter.target),
        state=DeliveryState.SUPPRESSED if why_not else DeliveryState.QUEUED,
        reason=why_not,
        subject=storable(letter.subject),
        body=storable(letter.body),
        html=storable(letter.html),
        message_id=f"<{uuid4()}@task-orchestrator>",
    )
