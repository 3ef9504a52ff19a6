"""Whom a run has reached, told from the states of its deliveries."""

from collections.abc import Iterable
from enum import StrEnum

from tasks.models import DeliveryState


class Reached(StrEnum):
    """How far what a run made has come."""

    NOT_SENT = "not_sent"
    """There was nothing to send, or nobody to send it to."""
    WAITING = "waiting"
    """Something of it is still to be sent."""
    ALL = "all"
    SOME = "some"
    """It was delivered, or may have been, but not to everybody."""
    NOBODY = "nobody"


def reached(states: Iterable[DeliveryState]) -> Reached:
    """Tell whom a run has reached; what was not to be sent at all does not count."""
    found = set(states) - {DeliveryState.SUPPRESSED}
    if not found:
        return Reached.NOT_SENT
    if not all(state.is_final for state in found):
        return Reached.WAITING
    if found == {DeliveryState.FAILED}:
        return Reached.NOBODY
    return Reached.ALL if found == {DeliveryState.DELIVERED} else Reached.SOME
