"""Rows by their part: each row once, in the part of its key, and in no other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import JobError
from tasks.reports.bursting import parts as parts_module
from tasks.reports.bursting.book import MOST_KEYS, BookOfRows
from tasks.reports.bursting.bundles import Bundle, bundles_of
from tasks.reports.bursting.keys import EMPTY, LONGEST, UNMATCHED, key_of, part_name
from tasks.reports.bursting.lines import MOST_ADDRESSES
from tasks.reports.bursting.matching import named, parts_matched
from tasks.reports.bursting.parts import Parts
from tasks.reports.bursting.settings import BurstSettings
from tasks.reports.render.section import Section
from tasks.rows import Column, ColumnKind, Row

COLUMNS = [Column("Key", ColumnKind.TEXT), Column("N", ColumnKind.INTEGER)]
BESIDE = BurstSettings(column="Key", address_column="Mail")
LINES = BurstSettings.model_validate(
    {"column": "Key", "address_from": "lines", "lines": ["a = a@example.com"]}
)
KEYS = st.one_of(
    st.none(),
    st.sampled_from(["a", "b", " a ", "A", "", UNMATCHED, EMPTY, "a\0", "7", "x" * 300]),
    st.text(max_size=5),
    st.integers(-3, 9),
    st.decimals(-3, 9, places=1),
    st.booleans(),
    st.binary(max_size=2),
    st.dates(),
)


@pytest.fixture
def taking(tmp_path: Path) -> Iterator[Callable[..., Parts]]:
    """Return what makes parts, which are given up at the end."""
    made: list[Parts] = []

    def make(settings: BurstSettings = LINES, companies: Sequence[str] = ()) -> Parts:
        made.append(Parts(settings, tmp_path, companies))
        return made[-1]

    yield make
    for one in made:
        one.abandon()


def read(parts: Parts, bundle: Bundle) -> list[Row]:
    return [row for _section, batch in parts.spool.batches(bundle.keys) for row in batch]


@given(keys=st.lists(KEYS, max_size=60), size=st.integers(1, 9), held=st.integers(1, 20))
def test_all_bundles_together_hold_each_row_once_and_each_bundle_only_its_keys(
    keys: Sequence[object], size: int, held: int
) -> None:
    rows = [(key, number) for number, key in enumerate(keys)]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts_module, "HELD", held)
        parts = Parts(LINES, Path(folder))
        parts.begin(COLUMNS)
        for start in range(0, len(rows), size):
            parts.write(rows[start : start + size])
        parts.flush()
        bundles = bundles_of(parts_matched(parts.rows, {"a": ["a@example.com"]}), [])
        found = {one.name: read(parts, one) for one in bundles}
        parts.abandon()
    numbers = sorted(int(str(row[1])) for held_rows in found.values() for row in held_rows)
    assert numbers == list(range(len(rows)))
    assert found.get("a", []) == [row for row in rows if key_of(row[0]) == "a"]
    assert all(key_of(row[0]) != "a" for row in found.get(UNMATCHED, []))
    assert [one.rows for one in bundles] == [len(found[one.name]) for one in bundles]


@pytest.mark.parametrize(
    ("value", "key"),
    [
        (None, EMPTY),
        ("", EMPTY),
        ("   ", EMPTY),
        (" Marmara\t", "Marmara"),
        ("A\0B", "AB"),
        ("\ud800", "?"),
        (7, "7"),
        (Decimal("7.000000"), "7"),
        (Decimal("-0.0"), "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12345678901234567890123456789012345678"), "1234567890" * 3 + "12345678"),
        (7.0, "7"),
        (7.5, "7.5"),
        (float("nan"), "nan"),
        (True, "True"),
        (b"\x01\xff", "01ff"),
        (date(2026, 3, 16), "2026-03-16"),
        (UNMATCHED, UNMATCHED + "'"),
    ],
)
def test_a_key_is_one_text_whatever_type_it_came_with(value: object, key: str) -> None:
    assert key_of(value) == key


def test_long_keys_stay_apart_and_fit_into_a_row_of_ours() -> None:
    one, other = key_of("x" * 300 + "a"), key_of("x" * 300 + "b")
    assert one != other
    assert len(one) == len(other) == LONGEST
    assert len(part_name("COMPANY", one)) == LONGEST


def test_the_same_key_of_two_companies_is_two_parts(taking: Callable[..., Parts]) -> None:
    parts = taking(LINES, ["SBO_A", "SBO_B"])
    for company in ("SBO_A", "SBO_B"):
        parts.begin(COLUMNS, Section(company, "Company"))
        parts.write([(1, 1)])
    parts.flush()
    assert parts.rows == {"SBO_A · 1": 1, "SBO_B · 1": 1}
    book = BookOfRows()
    book.write([(Decimal(1), "a@example.com")], "SBO_B")
    matched = parts_matched(parts.rows, book.book)
    assert [one.addresses for one in matched] == [(), ("a@example.com",)]


def test_the_sections_of_a_part_stay_in_order(taking: Callable[..., Parts]) -> None:
    parts = taking()
    for name in ("one", "two"):
        parts.begin(COLUMNS, Section(name, "Company"))
        parts.write([("a", 1), ("b", 2), ("a", 3)])
    parts.flush()
    assert list(parts.spool.batches(["a"])) == [
        (0, [("a", 1), ("a", 3)]),
        (1, [("a", 1), ("a", 3)]),
    ]


@pytest.mark.parametrize(
    ("count", "addresses", "crowded"),
    [(MOST_ADDRESSES, MOST_ADDRESSES, False), (MOST_ADDRESSES + 1, 0, True), (5_000, 0, True)],
)
@pytest.mark.parametrize("way", ["beside the rows", "in a query", "in one cell"])
def test_a_part_with_too_many_addresses_goes_to_none_of_them_and_stays_by_itself(
    taking: Callable[..., Parts], way: str, count: int, addresses: int, crowded: bool
) -> None:
    everybody = [f"p{n}@example.com" for n in range(count)]
    book: Mapping[str, Sequence[str]]
    if way == "beside the rows":
        parts = taking(BESIDE)
        parts.begin([*COLUMNS, Column("Mail", ColumnKind.TEXT)])
        parts.write([("a", n, one) for n, one in enumerate(everybody)])
        book = parts.addresses
    else:
        found = BookOfRows()
        cells = [", ".join(everybody)] if way == "in one cell" else everybody
        found.write([("a", one) for one in cells])
        book = found.book
    assert len(book["a"]) <= MOST_ADDRESSES + 1
    several = parts_matched({"a": 3, "b": 1, "c": 2}, {**book, "b": ["b@example.com"]})
    assert [(len(one.addresses), one.is_crowded) for one in several] == [
        (addresses, crowded),
        (1, False),
        (0, False),
    ]
    bundles = bundles_of(several, ["office@example.com"])
    assert [(one.name, len(one.addresses)) for one in bundles] == [
        ("a", addresses),
        ("b", 1),
        (UNMATCHED, 1),
    ]


def test_a_query_of_addresses_is_bounded() -> None:
    with pytest.raises(JobError, match="more than 20,000 keys"):
        BookOfRows().write([(n, "a@example.com") for n in range(MOST_KEYS + 1)])


def test_a_sentence_names_the_first_keys_only() -> None:
    assert named(["a", "b"]) == "a, b"
    assert named([str(n) for n in range(13)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 … (+3)"
