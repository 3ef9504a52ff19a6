"""The chains of all tasks as a graph: the way from one to another, and how wide it gets."""

from collections.abc import Mapping, Sequence

from tasks.chains.bounds import DEEPEST
from tasks.models import ChainOn

Chains = Mapping[int, Sequence[tuple[ChainOn, int]]]
"""By task, after which end which task follows."""


def way(chains: Chains, start: int, end: int) -> list[int]:
    """Return the tasks from `start` to `end` along the chains; empty where no way leads there."""
    came_from: dict[int, int | None] = {start: None}
    waiting = [start]
    while waiting and end not in came_from:
        here = waiting.pop(0)
        for _, then in chains.get(here, ()):
            if then not in came_from:
                came_from[then] = here
                waiting.append(then)
    found: list[int] = []
    here_or_none = end if end in came_from else None
    while here_or_none is not None:
        found.insert(0, here_or_none)
        here_or_none = came_from[here_or_none]
    return found


def most_runs(chains: Chains) -> dict[int, int]:
    """Return how many runs one run of each task promises at the most, by chains of chains too.

    A run has one end, so what follows a success never comes with what follows a failure.
    """
    most = dict.fromkeys(chains, 0)
    for _ in range(DEEPEST):
        most = {task: _widest(following, most) for task, following in chains.items()}
    return most


def _widest(following: Sequence[tuple[ChainOn, int]], most: Mapping[int, int]) -> int:
    return max(sum(1 + most.get(then, 0) for on, then in following if on is end) for end in ChainOn)
