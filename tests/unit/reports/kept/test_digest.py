"""The digest of all rows: the same for the same rows, another one for any others."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reports.kept.digest import Digest, encoded
from tasks.rows import Column, ColumnKind

A, B = Column("A", ColumnKind.TEXT), Column("B", ColumnKind.TEXT)
TEXTS = st.lists(st.none() | st.text(alphabet="ab\x1c\x1d\x1e", max_size=4), max_size=6)


def digest(*rows: tuple[str | None, str | None], batch: int = 100) -> str:
    made = Digest()
    made.begin([A, B])
    for start in range(0, len(rows), batch):
        some = rows[start : start + batch]
        made.take([[row[0] for row in some], [row[1] for row in some]])
    return made.text()


def test_however_the_rows_are_cut_the_digest_is_the_same() -> None:
    rows = [(str(number), None if number % 3 else "x") for number in range(50)]
    assert len({digest(*rows, batch=size) for size in (1, 7, 50)}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    list(
        combinations(
            [
                (),
                ((None, None),),
                (("", ""),),
                (("", None),),
                (("a", "b"),),
                (("b", "a"),),
                (("ab", ""),),
                (("a", "b"), ("a", "b")),
                (("a", "c"), ("b", "d")),
                (("b", "d"), ("a", "c")),
                (("a", "d"), ("b", "c")),
            ],
            2,
        )
    ),
)
def test_other_rows_have_another_digest(
    one: tuple[tuple[str | None, str | None], ...], other: tuple[tuple[str | None, str | None], ...]
) -> None:
    assert digest(*one) != digest(*other)


def test_other_names_of_columns_or_companies_are_another_digest() -> None:
    found = set()
    for columns, section in (([A, B], ""), ([B, A], ""), ([A, B], "Ege")):
        made = Digest()
        made.begin(columns, section)
        made.take([["a"], ["a"]])
        found.add(made.text())
    assert len(found) == 3


@given(TEXTS, TEXTS)
def test_no_two_lists_of_texts_have_the_same_bytes(
    one: list[str | None], other: list[str | None]
) -> None:
    assert (encoded(one) == encoded(other)) is (one == other)
