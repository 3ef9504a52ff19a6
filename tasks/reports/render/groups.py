"""The groups of sorted rows, each with its exact sums, open until another one begins."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Generic, TypeVar

from tasks.errors import ErrorKind, JobError
from tasks.reports.exact import ExactSum
from tasks.reports.render.layout import Language, Layout
from tasks.reports.render.shown import Shown
from tasks.rows import Column

MOST_GROUPS = 100_000
"""Each name is remembered, to see that it does not come back; more would cost memory."""
WITHOUT_NAME = {Language.ENGLISH: "(empty)", Language.TURKISH: "(boş)"}
LONGEST_NAME = 200

Sum = TypeVar("Sum", bound=ExactSum)
Key = tuple[str, ...]
"""What stands in the grouping columns of a row, the outer one first."""


@dataclass(frozen=True, slots=True)
class Group(Generic[Sum]):
    """Rows that follow each other with the same name; `level` 0 is the outer one.

    `totals` are its sums by the number of their column.
    """

    name: str
    level: int
    totals: Mapping[int, Sum]


class Groups(Generic[Sum]):
    """Which groups are open, and which names have been; `places` are those of their columns."""

    def __init__(
        self,
        columns: Sequence[Column],
        layout: Layout,
        new_totals: Callable[[], Mapping[int, Sum]],
    ) -> None:
        self.places = layout.looks.groups_in(columns)
        self._layout, self._language = layout, layout.language
        grouping = [columns[place] for place in self.places]
        self._names = [layout.looks.shown(column).name for column in grouping]
        self._shown = [Shown(column, layout) for column in grouping]
        self._new_totals = new_totals
        self._open: list[Group[Sum]] = []
        self._seen: list[set[str]] = [set() for _ in self.places]
        self._count = 0

    def runs(self, values: Sequence[Sequence[object]]) -> Iterator[tuple[Key, int, int]]:
        """The key, the first row and the row after the last of rows that belong together."""
        named = zip(self._shown, self.places, strict=True)
        keys = list(zip(*(names_of(values[place], one) for one, place in named), strict=True))
        start = 0
        for key, rows in groupby(keys):
            end = start + sum(1 for _ in rows)
            yield key, start, end
            start = end

    def closed_by(self, key: Key) -> list[Group[Sum]]:
        """Close the groups that rows with this key do not belong to, the inner one first."""
        same = 0
        while same < min(len(self._open), len(key)) and self._open[same].name == key[same]:
            same += 1
        closed, self._open = self._open[same:][::-1], self._open[:same]
        return closed

    def open_for(self, key: Key) -> list[Group[Sum]]:
        """Return the groups that rows with this key belong to; raises JobError."""
        for level in range(len(self._open), len(key)):
            self._remember(level, key[level])
            self._open.append(Group(key[level], level, self._new_totals()))
        return self._open

    def label_of(self, group: Group[Sum]) -> str:
        """What stands before the sums of a group."""
        name = group.name[:LONGEST_NAME] or WITHOUT_NAME[self._language]
        return f"{name}{ending_of_labels(self._layout)}"

    def _remember(self, level: int, name: str) -> None:
        if name in self._seen[level]:
            raise JobError(
                "The rows are not sorted by “{column}”: “{name}” comes again after other rows. "
                "Begin the ORDER BY of the query with the columns that group the rows.",
                kind=ErrorKind.RENDER,
                column=self._names[level],
                name=name,
            )
        self._seen[level].add(name)
        for inner in self._seen[level + 1 :]:
            inner.clear()
        self._count += 1
        if self._count > MOST_GROUPS:
            raise JobError(
                "The rows form more than {most} groups. Group them by a column with fewer values.",
                kind=ErrorKind.RENDER,
                most=f"{MOST_GROUPS:,}",
            )


def ending_of_labels(layout: Layout) -> str:
    """What follows the name of a group in the label of its sums."""
    return f" – {layout.label_of_totals}"


def tight_places(columns: Sequence[Column], layout: Layout) -> list[int]:
    """The columns whose labels of groups cannot go on to the right: a sum stands there."""
    if not layout.has_groups(columns):
        return []
    followed = [layout.has_total(column) for column in columns[1:]] + [True]
    return [place for place in layout.looks.groups_in(columns) if followed[place]]


def names_of(values: Sequence[object], shown: Shown) -> Sequence[str]:
    """What groups are called by the values that their rows share; nothing is the empty name."""
    if set(map(type, values)) == {str}:
        return values  # type: ignore[return-value]
    return [shown.text(day_of(value)) for value in values]


def day_of(value: object) -> object:
    """A day that comes as its midnight is called by the day alone."""
    is_day = isinstance(value, datetime) and not value.tzinfo and value.time() == time.min
    return date(value.year, value.month, value.day) if is_day else value  # type: ignore[attr-defined]
