"""What the long lists share: a filter that is an address, and a page between two keys."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, Self, TypeVar


class State(Protocol):
    """How a line of a list stands."""

    @property
    def is_final(self) -> bool: ...


class Line(Protocol):
    """A line of a list that pages by id."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> State: ...


AnyLine = TypeVar("AnyLine", bound=Line)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """What a list shows, and which page: what lies before one id, or after one."""

    before: int | None = None
    after: int | None = None

    def but(self, **changes: Any) -> Self:
        """Return this filter with these changes, at its first page."""
        return replace(self, **({"before": None, "after": None} | changes))

    @property
    def is_narrow(self) -> bool:
        """Whether anything is filtered out."""
        return self.but() != type(self)()

    @property
    def is_first_page(self) -> bool:
        return self.before is None and self.after is None


@dataclass(frozen=True, slots=True)
class Page(Generic[AnyLine]):
    """A page of a list, the newest line first."""

    lines: Sequence[AnyLine]
    has_newer: bool
    has_older: bool

    @property
    def is_open(self) -> bool:
        """Whether something of it has not ended."""
        return any(not line.state.is_final for line in self.lines)

    @property
    def newest(self) -> int:
        return self.lines[0].id if self.lines else 0

    @property
    def oldest(self) -> int:
        return self.lines[-1].id if self.lines else 0


def id_in(text: str) -> int | None:
    """Return the id that a text is, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
