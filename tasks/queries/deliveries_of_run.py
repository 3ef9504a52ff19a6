"""The deliveries of one run as its page shows them: how many ended how, and the first of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, defer
from sqlalchemy.orm.interfaces import ORMOption

from tasks.models import Delivery, DeliveryState
from tasks.queries.reached import Reached, reached

MOST_SHOWN = 20
FIRST = (DeliveryState.FAILED, DeliveryState.UNCERTAIN)
"""What somebody should look at stands above the others."""

WITHOUT_LETTERS: tuple[ORMOption, ...] = (
    defer(Delivery.body, raiseload=True),
    defer(Delivery.html, raiseload=True),
)
"""What a list needs of deliveries: 500 mails with pictures and tables weigh much."""


@dataclass(frozen=True, slots=True)
class DeliveriesOfRun:
    """A few deliveries, and how many there are in each state."""

    shown: Sequence[Delivery]
    counts: Mapping[DeliveryState, int]
    newest: datetime | None
    """When one of them changed last."""

    @property
    def is_open(self) -> bool:
        """Whether one of them will still change by itself."""
        return any(not state.is_final for state in self.counts)

    @property
    def reached(self) -> Reached:
        """Whom the run has reached."""
        return reached(self.counts)

    @property
    def all(self) -> int:
        return sum(self.counts.values())


def deliveries_of_run(session: Session, run_id: int) -> DeliveriesOfRun:
    """Read what the page of a run shows of its deliveries, however many there are."""
    of_run = Delivery.run_id == run_id
    counted = session.execute(
        select(Delivery.state, func.count(), func.max(Delivery.updated_at))
        .where(of_run)
        .group_by(Delivery.state)
    ).all()
    shown = session.scalars(
        select(Delivery)
        .where(of_run)
        .order_by(case((Delivery.state.in_(FIRST), 0), else_=1), Delivery.id)
        .limit(MOST_SHOWN)
        .options(*WITHOUT_LETTERS)
    ).all()
    return DeliveriesOfRun(
        shown=shown,
        counts={state: count for state, count, _ in counted},
        newest=max((newest for _, _, newest in counted), default=None),
    )
