"""The line to a channel, by its kind."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Protocol, cast

from tasks.channels.email import EmailLine
from tasks.channels.errors import Refused
from tasks.channels.parcel import Line, Parcel
from tasks.kinds import ChannelKind
from tasks.models import Artifact, Channel, Delivery


class Module(Protocol):
    """What the module of each other kind offers."""

    def send(self, delivery: Delivery, channel: Channel, artifacts: Sequence[Artifact]) -> str:
        """Send it; returns a sentence about where it went, or nothing."""
        ...


class OneByOne:
    """A channel that is spoken to anew for each parcel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def send(self, parcel: Parcel, *, check: Callable[[], None]) -> str:
        """Send a parcel; see `Line`."""
        module = cast(Module, import_module(f"tasks.channels.{self._channel.kind}"))
        check()
        return module.send(parcel.delivery, self._channel, parcel.files)

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
