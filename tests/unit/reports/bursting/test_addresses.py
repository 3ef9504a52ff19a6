"""Addresses as people write them into a cell."""

import pytest

from tasks.reports.bursting.book import BookOfRows
from tasks.reports.bursting.lines import addresses_in, checked_lines
from tasks.reports.bursting.matching import parts_matched
from tasks.rows import Column, ColumnKind


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("", []),
        ("  a@x.com  ", ["a@x.com"]),
        ("a@x.com;b@x.com , c@x.com\nd@x.com", ["a@x.com", "b@x.com", "c@x.com", "d@x.com"]),
        ("a@x.com\u00a0; b@x.com;", ["a@x.com", "b@x.com"]),
        ("a@x.com; A@X.COM, a@x.com", ["a@x.com"]),
        ("Ayşe Demir <ayse@x.com>", ["ayse@x.com"]),
        ("<ayse@x.com>", ["ayse@x.com"]),
        ("Ayşe<ayse@x.com>;Can<can@x.com>", ["ayse@x.com", "can@x.com"]),
        ("Demir, Ayşe <ayse@x.com>; can@x.com", ["ayse@x.com", "can@x.com"]),
        ('"Demir; A. <x>" <ayse@x.com>', ["ayse@x.com"]),
        ("\"'ayse@y.com'\" <ayse@x.com>", ["ayse@x.com"]),
        ("ayse@x.com\0", ["ayse@x.com"]),
        ("Ayse Hanim", ["Ayse", "Hanim"]),
        ("Ayşe <ayse>", ["ayse"]),
        ("AYŞE@X.COM", ["AYŞE@X.COM"]),
        ("a@x.com\r\nBcc: b@x.com", ["a@x.com", "Bcc:", "b@x.com"]),
    ],
)
def test_the_addresses_of_a_cell_are_found(cell: str, addresses: list[str]) -> None:
    assert addresses_in(cell) == addresses


def test_a_long_cell_of_quotes_and_brackets_takes_no_time() -> None:
    assert len(addresses_in('"' * 20_000 + " " * 20_000 + "<" * 20_000)) <= 1


def test_a_typed_line_may_name_the_people() -> None:
    assert checked_lines(["Ege = Can Ak <can@x.com>, CAN@x.com"]) == ["Ege = can@x.com"]


def test_rows_of_a_query_name_the_same_person_once() -> None:
    found = BookOfRows()
    found.begin([Column("K", ColumnKind.TEXT), Column("M", ColumnKind.TEXT)])
    found.write([("a", "x@x.com"), ("a", "X@x.com; y@x.com"), ("a", None)])
    (part,) = parts_matched({"a": 1}, found.book)
    assert part.addresses == ("x@x.com", "y@x.com")
