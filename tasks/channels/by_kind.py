"""The line to a channel, by its kind."""

from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from typing import Protocol, cast

from tasks.channels.email import EmailLine
from tasks.channels.errors import Refused
from tasks.channels.parcel import Line, Parcel
from tasks.channels.target import Owner
from tasks.db import reading
from tasks.kinds import ChannelKind
from tasks.models import Artifact, Channel, Delivery
from tasks.patience import patiently
from tasks.queries.placed import foreign_task
from tasks.settings import settings

PLACING = (ChannelKind.FOLDER, ChannelKind.SFTP)
"""The kinds that put files somewhere under their names."""


class Module(Protocol):
    """What the module of each other kind offers."""

    def send(self, delivery: Delivery, channel: Channel, artifacts: Sequence[Artifact]) -> str:
        """Send it; returns a sentence about where it went, or nothing."""
        ...


class Placing(Protocol):
    """What those offer that put files somewhere, where another task may have put its own."""

    def send(
        self, delivery: Delivery, channel: Channel, artifacts: Sequence[Artifact], *, whose: Owner
    ) -> str:
        """Send it; returns a sentence about where it went."""
        ...


class OneByOne:
    """A channel that is spoken to anew for each parcel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def send(self, parcel: Parcel, *, check: Callable[[], None]) -> str:
        """Send a parcel; see `Line`."""
        module = import_module(f"tasks.channels.{self._channel.kind}")
        check()
        if self._channel.kind in PLACING:
            whose = partial(_whose, parcel.delivery)
            return cast(Placing, module).send(
                parcel.delivery, self._channel, parcel.files, whose=whose
            )
        return cast(Module, module).send(parcel.delivery, self._channel, parcel.files)

    def cut(self) -> None:
        """Nothing can be broken off: each kind has time limits of its own."""

    def close(self) -> None:
        """Nothing is kept open."""


def line_to(delivery: Delivery, channel: Channel | None) -> Line:
    """Return the line that the delivery goes over; raises Refused where there is none.

    Only a mail may go without a channel: over the installation's own mail server.
    """
    if channel is None and (delivery.channel_slug or delivery.channel is not ChannelKind.EMAIL):
        raise Refused(
            "The channel “{channel}” is no longer there. Choose another one in the task.",
            channel=delivery.channel_slug,
        )
    if channel is not None and not channel.is_active:
        raise Refused(
            "The channel “{channel}” is switched off. Let an administrator switch it on, "
            "then send this again.",
            channel=channel.title,
        )
    if channel is None or channel.kind is ChannelKind.EMAIL:
        return EmailLine(channel)
    return OneByOne(channel)


def _whose(delivery: Delivery, place: str) -> str:
    """Return the title of the other task whose file lies there, when our database is back, too."""

    def found() -> str:
        with reading() as session:
            return foreign_task(session, delivery, place)

    return patiently(found, seconds=settings().lease_seconds)
