"""The list of deliveries, one page of it by key, the newest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from tasks.kinds import ChannelKind
from tasks.lowered import lowered
from tasks.models import Delivery, DeliveryState, Run, TaskDefinition
from tasks.queries.paging import ListFilter, Page, id_in

PAGE = 50
LONGEST_WHY = 300
ASIDE = timedelta(hours=1)
"""By how much two deliveries that were made at once may lie aside of the order of their ids."""


@dataclass(frozen=True, slots=True)
class DeliveryFilter(ListFilter):
    """What the list shows. Empty means all; what is not known in a query string counts as empty."""

    state: DeliveryState | None = None
    task: str = ""
    recipient: str = ""
    channel: ChannelKind | None = None
    run: int | None = None
    since: date | None = None
    until: date | None = None
    """The last day, with all of it."""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Read the filter from a query string."""
        state, channel = args.get("state", ""), args.get("channel", "")
        return cls(
            state=DeliveryState(state) if state in set(DeliveryState) else None,
            task=args.get("task", "").strip()[:80],
            recipient=args.get("recipient", "").strip()[:320],
            channel=ChannelKind(channel) if channel in set(ChannelKind) else None,
            run=id_in(args.get("run", "")),
            since=_day(args.get("from", "")),
            until=_day(args.get("to", "")),
            before=id_in(args.get("before", "")),
            after=id_in(args.get("after", "")),
        )

    def args(self) -> dict[str, str]:
        """Return the filter as a query string's arguments, without what is empty."""
        named = {
            "state": self.state,
            "task": self.task,
            "recipient": self.recipient,
            "channel": self.channel,
            "run": self.run,
            "from": self.since,
            "to": self.until,
            "before": self.before,
            "after": self.after,
        }
        return {name: str(value) for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """A delivery as the list shows it."""

    id: int
    run_id: int
    recipient: str
    channel: ChannelKind
    channel_slug: str
    part: str
    state: DeliveryState
    tries: int
    created_at: datetime
    delivered_at: datetime | None
    next_try_at: datetime | None
    error: str | None
    reason: str
    slug: str
    title: str
    is_trial: bool


LINE = (
    select(
        Delivery.id,
        Delivery.run_id,
        Delivery.recipient,
        Delivery.channel,
        Delivery.channel_slug,
        Delivery.part,
        Delivery.state,
        Delivery.tries,
        Delivery.created_at,
        Delivery.delivered_at,
        Delivery.next_try_at,
        func.substr(Delivery.error, 1, LONGEST_WHY),
        func.substr(Delivery.reason, 1, LONGEST_WHY),
        TaskDefinition.slug,
        TaskDefinition.title,
        Run.only_to.is_not(None),
    )
    .join(Run, Run.id == Delivery.run_id)
    .join(TaskDefinition, TaskDefinition.id == Run.task_definition_id)
)
"""The columns of a `DeliveryLine`, in its order."""


def delivery_page(
    session: Session, wanted: DeliveryFilter, *, zone: ZoneInfo
) -> Page[DeliveryLine]:
    """Read one page; a page of newer ones that is not full is the first. Days are the zone's."""
    conditions = [*_conditions(wanted, zone), *_between(session, wanted, zone)]
    if wanted.after is not None:
        newer = (*conditions, Delivery.id > wanted.after)
        lines = _read(session, newer, Delivery.id)[::-1]
        if len(lines) >= PAGE:
            return Page(lines[-PAGE:], has_newer=len(lines) > PAGE, has_older=True)
    elif wanted.before is not None:
        conditions.append(Delivery.id < wanted.before)
    lines = _read(session, conditions, Delivery.id.desc())
    return Page(lines[:PAGE], wanted.before is not None, len(lines) > PAGE)


def delivery_line(session: Session, delivery_id: int) -> DeliveryLine | None:
    """Return one delivery as the list shows it."""
    found = _lines(session.execute(LINE.where(Delivery.id == delivery_id)))
    return found[0] if found else None


def is_to(address: str) -> ColumnElement[bool]:
    """Whether a delivery goes to this address, however its letters are written.

    Each way of writing it is looked for in the index of recipients first, which is small.
    """
    other = aliased(Delivery)
    written = select(other.recipient).where(lowered(other.recipient) == address.lower())
    return Delivery.recipient.in_(written.distinct())


def first_after(session: Session, instant: datetime) -> int:
    """Return the id from which on deliveries were made after an instant, by halving."""
    low, high = 1, (session.scalar(select(func.max(Delivery.id))) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        at = select(Delivery.id, Delivery.created_at).where(Delivery.id >= middle)
        found = session.execute(at.order_by(Delivery.id).limit(1)).one_or_none()
        if found is None or found.created_at >= instant:
            high = middle
        else:
            low = found.id + 1
    return low


def _read(
    session: Session, conditions: Sequence[ColumnElement[bool]], order: Any
) -> list[DeliveryLine]:
    return _lines(session.execute(LINE.where(*conditions).order_by(order).limit(PAGE + 1)))


def _lines(rows: Iterable[Sequence[Any]]) -> list[DeliveryLine]:
    """Make lines of what a select with the columns of `LINE` returned."""
    return [DeliveryLine(*row) for row in rows]


def _conditions(wanted: DeliveryFilter, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    given: list[ColumnElement[bool] | None] = [
        Delivery.state == wanted.state if wanted.state else None,
        TaskDefinition.slug == wanted.task if wanted.task else None,
        _named(wanted.recipient) if wanted.recipient else None,
        Delivery.channel == wanted.channel if wanted.channel else None,
        Delivery.run_id == wanted.run if wanted.run else None,
        Delivery.created_at >= _starts(wanted.since, zone) if wanted.since else None,
        Delivery.created_at < _starts(wanted.until, zone, days=1) if wanted.until else None,
    ]
    return [one for one in given if one is not None]


def _between(session: Session, wanted: DeliveryFilter, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    """Between which ids the days lie, roughly: no index knows the days, and ids grow with them."""
    found = []
    if wanted.since:
        found.append(Delivery.id >= first_after(session, _starts(wanted.since, zone) - ASIDE))
    if wanted.until:
        end = _starts(wanted.until, zone, days=1) + ASIDE
        found.append(Delivery.id < first_after(session, end))
    return found


def _named(recipient: str) -> ColumnElement[bool]:
    """A whole address is looked up; anything else is looked for in addresses and parts."""
    if "@" in recipient.strip("@"):
        return is_to(recipient)
    return or_(
        Delivery.recipient.icontains(recipient, autoescape=True),
        Delivery.part.icontains(recipient, autoescape=True),
    )


def _starts(day: date, zone: ZoneInfo, *, days: int = 0) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC) + timedelta(days=days)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None
