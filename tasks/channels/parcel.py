"""What goes over a channel to one recipient, and the line that it goes over."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from tasks.models import Artifact, Delivery


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery with what comes with it; `title` is that of its task."""

    delivery: Delivery
    files: Sequence[Artifact] = ()
    pictures: Sequence[Artifact] = ()
    """What the text of a mail may show."""
    title: str = ""
    stop_url: str = ""
    """Where its recipient stops the mails of the task; empty where that is not offered."""
    stopped: Collection[str] = ()
    """Who does not want the mails of the task, in small letters: no mail says that they got it."""


class Line(Protocol):
    """A way to one channel that is kept open for several parcels."""

    def send(self, parcel: Parcel, *, check: Callable[[], None]) -> str:
        """Send a parcel; returns in words what is unusual about how it went, or nothing.

        `check` is called at the last moment at which it can be called off: what it raises does so.
        Raises Refused, Unreachable or Uncertain.
        """
        ...

    def cut(self) -> None:
        """Break off what takes too long, from another thread, where that is possible."""
        ...

    def close(self) -> None:
        """Let the line go."""
        ...
