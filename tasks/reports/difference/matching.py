"""Which columns of two runs are the same, and what those of decimals add up to."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from pathlib import Path

from tasks.errors import ErrorKind, JobError
from tasks.reports.difference.difference import Total
from tasks.reports.difference.sentences import NO_KEY, OTHER_COMPANIES
from tasks.reports.exact import EXACT
from tasks.reports.kept.file import KeptHead, head_of, key_places, texts_in
from tasks.rows import ColumnKind


@dataclass(frozen=True, slots=True)
class Matched:
    """Two runs, and the places of the columns that both have, by name."""

    before: KeptHead
    after: KeptHead
    before_keys: Sequence[int]
    after_keys: Sequence[int]
    before_places: Sequence[int]
    after_places: Sequence[int]

    @property
    def columns_new(self) -> list[str]:
        return _others(self.after, self.after_places)

    @property
    def columns_gone(self) -> list[str]:
        return _others(self.before, self.before_places)


def why_not(before: Path, after: Path, keys: Sequence[str], *, before_id: int) -> str:
    """Say why a run has nothing to be compared with since its task was changed; else empty."""
    was, now = head_of(before), head_of(after)
    if was.sections != now.sections:
        return OTHER_COMPANIES.format(id=before_id)
    missing = was.lacks(keys)
    return NO_KEY.format(id=before_id, name=missing[0]) if missing else ""


def matched(before: Path, after: Path, keys: Sequence[str]) -> Matched:
    """Match two files of kept rows; raises JobError where that cannot be done."""
    heads = head_of(before), head_of(after)
    if heads[0].sections != heads[1].sections:
        raise JobError(
            "One of the two runs read several companies and the other did not, so they cannot be "
            "compared.",
            kind=ErrorKind.SQL,
        )
    before_keys, after_keys = (key_places(head, keys) for head in heads)
    return Matched(*heads, before_keys, after_keys, *_same(*heads))


def totals(before: Path, after: Path, both: Matched) -> list[Total]:
    """Add up the columns of decimals that both have."""
    pairs = [
        (one, other)
        for one, other in zip(both.before_places, both.after_places, strict=True)
        if both.after.columns[other].kind is ColumnKind.DECIMAL
    ]
    was = _sums(before, [one for one, _other in pairs])
    now = _sums(after, [other for _one, other in pairs])
    columns = [both.after.columns[other] for _one, other in pairs]
    return [Total(*each) for each in zip(columns, was, now, strict=True)]


def _same(before: KeptHead, after: KeptHead) -> tuple[list[int], list[int]]:
    """Pair the columns by name; of several with one name, one by one."""
    left: dict[str, list[int]] = {}
    for place, name in enumerate(before.names):
        left.setdefault(name, []).append(place)
    pairs = [(left[name].pop(0), place) for place, name in enumerate(after.names) if left.get(name)]
    return [one for one, _other in pairs], [other for _one, other in pairs]


def _others(head: KeptHead, places: Sequence[int]) -> list[str]:
    return [name for place, name in enumerate(head.names) if place not in places]


def _sums(path: Path, places: Sequence[int]) -> list[Decimal | None]:
    """Return the exact sum of each column; None where one of its values is no number."""
    sums: list[Decimal | None] = [Decimal(0)] * len(places)
    if not places:
        return sums
    with localcontext(EXACT):
        for texts in texts_in(path, places):
            sums = [_added(total, each) for total, each in zip(sums, texts, strict=True)]
    return sums


def _added(total: Decimal | None, texts: Sequence[str | None]) -> Decimal | None:
    if total is None:
        return None
    with suppress(InvalidOperation, ValueError):
        added = sum((Decimal(one) for one in texts if one is not None), total)
        return added if added.is_finite() else None
    return None
