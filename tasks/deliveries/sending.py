"""Sending: one delivery, and over the same line what else of its run goes the same way."""

import time
from functools import partial
from logging import getLogger

from tasks.addresses import is_address
from tasks.channels.by_kind import line_to
from tasks.channels.errors import Away, Refused, Uncertain, Unreachable
from tasks.channels.parcel import Line
from tasks.db import db_now, reading, transaction
from tasks.deliveries.claiming import Claimed, claim, take_next, until_next
from tasks.deliveries.ending import (
    End,
    broken,
    delivered,
    failed,
    first_wait,
    in_doubt,
    not_now,
    record,
    suppressed,
)
from tasks.deliveries.pace import let_wait
from tasks.deliveries.packing import Packing
from tasks.deliveries.pulse import Lost, Pulse
from tasks.errors import Invalid, JobError, NotFound, mark
from tasks.jobs.context import REFUSED
from tasks.kinds import ChannelKind
from tasks.patience import patiently
from tasks.recipients import refusal_of

log = getLogger(__name__)

TURN_SECONDS = 15.0
"""For no longer a worker goes on with the same run: others wait for it, or it has to stop."""
MOST_IN_A_TURN = 500
RECORDING_SECONDS = 120.0
"""For how long an end is kept while our database is away: without it, it would be sent twice."""
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
        self._packing = Packing()
        self._may_be_out = False
        """Whether what is being sent may have arrived, whatever happens from now on."""
        self._until = time.monotonic() + TURN_SECONDS
        self._left = MOST_IN_A_TURN

    def send(self, claimed: Claimed, pulse: Pulse) -> Claimed | None:
        """Send one and record its end; returns the next one, claimed."""
        try:
            with pulse.of(claimed.delivery, self._cut):
                end = self._tried(claimed, pulse)
        except Lost:
            log.warning("delivery fenced", extra={"delivery_id": claimed.delivery.id})
            return None
        self._left -= 1
        if end.nobody_there:
            self._left = 0
        recorded = partial(self._recorded, claimed, end)
        return patiently(recorded, seconds=RECORDING_SECONDS) or self._waited_for(claimed)

    def close(self) -> None:
        """Let the line go."""
        if self._line is not None:
            self._line.close()

    @property
    def _goes_on(self) -> bool:
        return self._left > 0 and time.monotonic() < self._until

    def _cut(self) -> None:
        if self._line is not None:
            self._line.cut()

    def _recorded(self, claimed: Claimed, end: End) -> Claimed | None:
        """Record an end, and claim the next one in the same transaction."""
        with transaction() as session:
            record(session, claimed.delivery, end)
            if end.nobody_there:
                let_wait(
                    session, claimed.delivery, end.values.get("next_try_at", db_now(first_wait()))
                )
            return take_next(session, claimed) if self._goes_on else None

    def _waited_for(self, before: Claimed) -> Claimed | None:
        """Wait for the next one that is due in a moment, by the pace of the channel."""
        while self._goes_on:
            with reading() as session:
                wait = until_next(session, before)
            if wait is None:
                return None
            time.sleep(wait)
            with transaction() as session:
                if (claimed := take_next(session, before)) is not None:
                    return claimed
        return None

    def _tried(self, claimed: Claimed, pulse: Pulse) -> End:
        delivery = claimed.delivery
        if why_not := _why_not(claimed):
            return suppressed(why_not)
        if refused := delivery.target.get(REFUSED):
            return failed(str(refused))
        self._may_be_out = False
        try:
            return delivered(delivery, self._sent(claimed, pulse))
        except (Refused, NotFound, Invalid) as error:
            return failed(error.message)
        except Uncertain as error:
            return in_doubt(delivery, error.message)
        except (Unreachable, JobError) as error:  # a JobError: the store of the files is away
            return not_now(delivery, error.message, nobody_there=isinstance(error, Away))
        except Lost:
            raise
        except Exception as error:
            log.exception("delivery broke", extra={"delivery_id": delivery.id})
            return broken(delivery, error, may_be_out=self._may_be_out)

    def _sent(self, claimed: Claimed, pulse: Pulse) -> str:
        def check() -> None:
            pulse.check()
            self._may_be_out = True

        if self._line is None:
            self._line = line_to(claimed.delivery, claimed.channel)
        return self._line.send(self._packing.parcel(claimed), check=check)


def _why_not(claimed: Claimed) -> str:
    """Return in words why the delivery is not to be sent after all; empty where it is."""
    delivery = claimed.delivery
    if delivery.channel is not ChannelKind.EMAIL:
        return ""
    if claimed.has_stopped and not claimed.is_trial:
        return UNSUBSCRIBED.format(recipient=delivery.recipient)
    return refusal_of(delivery.recipient) if is_address(delivery.recipient) else ""
