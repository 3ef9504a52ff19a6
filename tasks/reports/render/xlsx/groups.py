"""The groups of sorted rows, each with its exact sums, open until another one begins."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from tasks.errors import ErrorKind, JobError
from tasks.reports.render.layout import Language
from tasks.reports.render.xlsx.sheet import Sheet
from tasks.reports.render.xlsx.sums import Span
from tasks.reports.render.xlsx.totals import Total
from tasks.reports.render.xlsx.words import name_of

MOST_GROUPS = 100_000
"""Each name is remembered, to see that it does not come back; more would cost memory."""

Key = tuple[str, ...]
"""What stands in the grouping columns of a row, the outer one first."""


@dataclass(slots=True)
class Group:
    """Rows that follow each other with the same name; `level` 0 is the outer one."""

    name: str
    level: int
    totals: Mapping[int, Total]
    spans: list[Span] = field(default_factory=list)

    def cover(self, sheet: Sheet, first: int, last: int) -> None:
        """Take rows of a sheet in, right below those that it has there."""
        if self.spans and self.spans[-1][0] is sheet:
            first = self.spans.pop()[1]
        self.spans.append((sheet, first, last))


class Groups:
    """Which groups are open, and which names have been."""

    def __init__(
        self,
        places: Sequence[int],
        names: Sequence[str],
        new_totals: Callable[[], dict[int, Total]],
        language: Language,
    ) -> None:
        self._places, self._names, self._new_totals = places, names, new_totals
        self._language = language
        self._open: list[Group] = []
        self._seen: list[set[str]] = [set() for _ in places]
        self._count = 0

    def runs(self, values: Sequence[Sequence[object]]) -> Iterator[tuple[Key, int, int]]:
        """The key, the first row and the row after the last of rows that belong together."""
        keys = list(zip(*(self._texts(values[place]) for place in self._places), strict=True))
        start = 0
        for key, rows in groupby(keys):
            end = start + sum(1 for _ in rows)
            yield key, start, end
            start = end

    def closed_by(self, key: Key) -> list[Group]:
        """Close the groups that rows with this key do not belong to, the inner one first."""
        same = 0
        while same < min(len(self._open), len(key)) and self._open[same].name == key[same]:
            same += 1
        closed, self._open = self._open[same:][::-1], self._open[:same]
        return closed

    def open_for(self, key: Key) -> list[Group]:
        """Return the groups that rows with this key belong to; raises JobError."""
        for level in range(len(self._open), len(key)):
            self._remember(level, key[level])
            self._open.append(Group(key[level], level, self._new_totals()))
        return self._open

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

    def _texts(self, values: Sequence[object]) -> Sequence[str]:
        if set(map(type, values)) == {str}:
            return values  # type: ignore[return-value]
        return [name_of(value, self._language) for value in values]
