"""What a list of runs shows, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from tasks.models import RunState, Trigger
from tasks.queries.paging import ListFilter, id_in

PERIODS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}


@dataclass(frozen=True, slots=True)
class RunFilter(ListFilter):
    """What the list shows. Empty means all; what is not known in a query string counts as empty."""

    state: RunState | None = None
    task: str = ""
    trigger: Trigger | None = None
    q: str = ""
    period: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Self:
        """Read the filter from a query string."""
        state, trigger = args.get("state", ""), args.get("trigger", "")
        return cls(
            state=RunState(state) if state in set(RunState) else None,
            task=args.get("task", "").strip(),
            trigger=Trigger(trigger) if trigger in set(Trigger) else None,
            q=args.get("q", "").strip()[:120],
            period=args.get("period", "") if args.get("period", "") in PERIODS else "",
            before=id_in(args.get("before", "")),
            after=id_in(args.get("after", "")),
        )

    def args(self) -> dict[str, str]:
        """Return the filter as a query string's arguments, without what is empty."""
        named = {
            "state": self.state,
            "task": self.task,
            "trigger": self.trigger,
            "q": self.q,
            "period": self.period,
            "before": self.before,
            "after": self.after,
        }
        return {name: str(value) for name, value in named.items() if value}
