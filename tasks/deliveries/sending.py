"""Sending: one delivery, and over the same line what else of its run goes the same way."""

import time
from collections.abc import Sequence
from logging import getLogger

from sqlalchemy import select

from tasks.addresses import is_address
from tasks.channels.by_kind import line_to
from tasks.channels.errors import Refused, Uncertain, Unreachable
from tasks.channels.parcel import Line, Parcel
from tasks.db import reading, transaction
from tasks.deliveries.claiming import Claimed, claim, take_next
from tasks.deliveries.ending import (
    End,
    delivered,
    failed,
    in_doubt,
    not_now,
    record,
    suppressed,
)
from tasks.deliveries.pulse import Lost, Pulse
from tasks.errors import Invalid, JobError, NotFound, mark
from tasks.kinds import ArtifactRole, ChannelKind
from tasks.models import Artifact
from tasks.recipients import refusal_of
from tasks.settings import settings
from tasks.unsubscribing import stop_url

log = getLogger(__name__)

TURN_SECONDS = 15.0
"""For no longer a worker goes on with the same run: others wait for it, or it has to stop."""
MOST_IN_A_TURN = 500
UNSUBSCRIBED = mark("{recipient} asked not to get the mails of this task any more.")


def deliver(delivery_id: int) -> None:
    """Send a delivery that waits to be sent, and what waits for the same line, one by one."""
    claimed = claim(delivery_id)
    if claimed is None:
        return
    turn = Turn()
    try:
        with Pulse() as pulse:
            while claimed is not None:
                claimed = turn.send(claimed, pulse)
    finally:
        turn.close()


class Turn:
    """What a worker sends in one go: a line that is opened once, and a bound."""

    def __init__(self) -> None:
        self._line: Line | None = None
        self._files: tuple[tuple[int, str], Sequence[Artifact]] = ((0, ""), ())
        self._until = time.monotonic() + TURN_SECONDS
        self._left = MOST_IN_A_TURN

    def send(self, claimed: Claimed, pulse: Pulse) -> Claimed | None:
        """Send one and record its end; returns the next one, claimed in the same transaction."""
        try:
            with pulse.of(claimed.delivery, self._cut):
                end = self._tried(claimed, pulse)
        except Lost:
            log.warning("delivery fenced", extra={"delivery_id": claimed.delivery.id})
            return None
        self._left -= 1
        goes_on = self._left > 0 and time.monotonic() < self._until
        with transaction() as session:
            record(session, claimed.delivery, end)
            return take_next(session, claimed.delivery) if goes_on else None

    def close(self) -> None:
        """Let the line go."""
        if self._line is not None:
            self._line.close()

    def _cut(self) -> None:
        if self._line is not None:
            self._line.cut()

    def _tried(self, claimed: Claimed, pulse: Pulse) -> End:
        delivery = claimed.delivery
        if why_not := _why_not(claimed):
            return suppressed(why_not)
        try:
            if self._line is None:
                self._line = line_to(delivery, claimed.channel)
            told = self._line.send(self._parcel(claimed), check=pulse.check)
        except (Refused, NotFound, Invalid) as error:
            return failed(error.message)
        except Uncertain as error:
            return in_doubt(delivery, error.message)
        except Unreachable as error:
            return not_now(delivery, error.message)
        except JobError as error:  # the store of the files is away
            return not_now(delivery, error.message)
        return delivered(delivery, told)

    def _parcel(self, claimed: Claimed) -> Parcel:
        delivery = claimed.delivery
        found = self._artifacts(claimed)
        is_mail = delivery.channel is ChannelKind.EMAIL
        offers = is_mail and not claimed.is_trial and settings().secret_key.get_secret_value()
        return Parcel(
            delivery,
            files=[one for one in found if one.role is ArtifactRole.FILE],
            pictures=[one for one in found if one.role is ArtifactRole.PICTURE],
            title=claimed.title,
            stop_url=stop_url(claimed.task_id, delivery.recipient) if offers else "",
        )

    def _artifacts(self, claimed: Claimed) -> Sequence[Artifact]:
        """Return the files of the delivery's part, read once for those who get the same."""
        delivery = claimed.delivery
        key = (delivery.run_id, delivery.part)
        if self._files[0] != key:
            wanted = select(Artifact).where(
                Artifact.run_id == delivery.run_id,
                Artifact.attempt == claimed.attempt,
                Artifact.part == delivery.part,
                Artifact.role.in_((ArtifactRole.FILE, ArtifactRole.PICTURE)),
            )
            with reading() as session:
                self._files = (key, session.scalars(wanted.order_by(Artifact.id)).all())
        return self._files[1]


def _why_not(claimed: Claimed) -> str:
    """Return in words why the delivery is not to be sent after all; empty where it is."""
    delivery = claimed.delivery
    if delivery.channel is not ChannelKind.EMAIL:
        return ""
    if claimed.has_stopped and not claimed.is_trial:
        return UNSUBSCRIBED.format(recipient=delivery.recipient)
    return refusal_of(delivery.recipient) if is_address(delivery.recipient) else ""
