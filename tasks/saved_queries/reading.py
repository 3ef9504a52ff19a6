"""The saved queries of a company, as Business One keeps them in OUQR and OQCN."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tasks.errors import Invalid
from tasks.models import Source as SourceRow
from tasks.models import SourceKind
from tasks.rows import Row
from tasks.sources.base import Glance, Source
from tasks.sources.by_name import awake, row_of, source_of

READER = "saved queries"
LONGEST_WAIT = 30
"""Seconds that a person waits for the list."""
PAGE = 50

_CATEGORIES = """
SELECT T0."QCategory", MAX(T1."CatName"), COUNT(*)
FROM OUQR T0 LEFT JOIN OQCN T1 ON T1."CategoryId" = T0."QCategory"
GROUP BY T0."QCategory" ORDER BY 2, 1"""
_QUERIES = """
SELECT T0."IntrnalKey", T0."QCategory", T1."CatName", T0."QName", T0."QString"
FROM OUQR T0 LEFT JOIN OQCN T1 ON T1."CategoryId" = T0."QCategory"
WHERE {condition}
ORDER BY T0."IntrnalKey" {limit}"""


@dataclass(frozen=True, slots=True)
class Category:
    """A category of saved queries, and how many it holds."""

    number: int
    name: str
    queries: int


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One query as it is saved; `number` is Business One's own key of it."""

    number: int
    category: str
    name: str
    text: str


def look_into(row: SourceRow) -> Source:
    """Return the source for a short look at its saved queries; raises Invalid and JobError."""
    if row.kind is SourceKind.SQL:
        raise Invalid(
            "“{title}” is no database of SAP Business One on HANA, so it has no saved queries. "
            "Choose another source.",
            field="source",
            title=row.title,
        )
    return source_of(
        awake(row_of(row.slug)), reader=READER, glance=Glance(seconds=LONGEST_WAIT, rows=PAGE)
    )


def categories(source: Source) -> list[Category]:
    """Return the categories that hold queries, by name; raises JobError."""
    rows = _rows(source, _CATEGORIES, ())
    return [
        Category(int(str(number)), _named(number, name), int(str(count)))
        for number, name, count in rows
    ]


def queries(
    source: Source,
    *,
    among: Collection[int] = (),
    numbers: Collection[int] = (),
    after: int | None = None,
    most: int | None = None,
) -> list[SavedQuery]:
    """Return saved queries by their key: of these categories, with these keys, after this key.

    What is not given does not narrow. Raises JobError.
    """
    conditions, values = ["1 = 1"], list[object]()
    for column, wanted in (("QCategory", among), ("IntrnalKey", numbers)):
        if wanted:
            conditions.append(f'T0."{column}" IN ({", ".join("?" * len(wanted))})')
            values += sorted(wanted)
    if after is not None:
        conditions.append('T0."IntrnalKey" > ?')
        values.append(after)
    limit = "" if most is None else f"LIMIT {most}"
    sql = _QUERIES.format(condition=" AND ".join(conditions), limit=limit)
    return [
        SavedQuery(int(str(number)), _named(category, name), str(title or number), str(text or ""))
        for number, category, name, title, text in _rows(source, sql, values)
    ]


def _named(number: object, name: object) -> str:
    return str(name or number).strip()


def _rows(source: Source, sql: str, values: Sequence[object]) -> list[Row]:
    with source.query(sql, values) as found:
        return [row for batch in found.batches() for row in batch]
