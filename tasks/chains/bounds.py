"""How much may follow the end of one run: so deep, and so many runs all together.

Saving refuses chains that promise more. Tables can be edited by hand, and chains while their runs
are at work, so the promise minds the bounds too.
"""

from dataclasses import dataclass

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from tasks.models import Run

DEEPEST = 50
"""So many runs may follow one another."""
MOST_RUNS = 500
"""So many runs may follow from one, by its chains and theirs.

Ends at the same moment do not see each other: they may pass it, each by its own chains.
"""


@dataclass(frozen=True, slots=True)
class Descent:
    """Where a run stands in what follows from the first one's end."""

    depth: int
    """How many runs led to this one, counted up to the limit."""
    first: int
    followers: int
    """How many runs follow from the first one so far, counted up to the limit."""

    def refusal(self, *, further: int) -> str:
        """Say why no run may follow after `further` others, in words for its row; else empty."""
        if self.depth >= DEEPEST:
            return f"More than {DEEPEST} runs would follow one another."
        if self.followers + further >= MOST_RUNS:
            return f"More than {MOST_RUNS} runs would follow from the end of run {self.first}."
        return ""


def descent_of(session: Session, run: Run) -> Descent:
    """Look up what a run follows from; one that nobody's end promised costs no statement."""
    if run.cause_id is None:
        return Descent(0, run.id, 0)
    depth, first = _way_up(session, run)
    return Descent(depth, first, _followers(session, first) if depth < DEEPEST else 0)


def _way_up(session: Session, run: Run) -> tuple[int, int]:
    """Return how many runs led to this one, and the first of them."""
    cause = select(Run.cause_id.label("id"), literal(1).label("depth")).where(Run.id == run.id)
    above = cause.cte("above", recursive=True)
    higher = (
        select(Run.cause_id, above.c.depth + 1)
        .join(above, Run.id == above.c.id)
        .where(Run.cause_id.is_not(None), above.c.depth < DEEPEST)
    )
    ways = above.union_all(higher)
    depth, first = session.execute(
        select(ways.c.depth, ways.c.id).order_by(ways.c.depth.desc()).limit(1)
    ).one()
    return depth, first


def _followers(session: Session, first: int) -> int:
    below = select(Run.id).where(Run.cause_id == first).cte("below", recursive=True)
    deeper = below.union_all(select(Run.id).join(below, Run.cause_id == below.c.id))
    some = select(deeper.c.id).limit(MOST_RUNS).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
