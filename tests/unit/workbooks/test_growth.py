"""References follow the rows, and nothing that only looks like one."""

import pytest

from tasks.reports.workbooks.growth import Growth, sliding

MORE = Growth("My Data", 5, 6, 10)
ONE_TO_MANY = Growth("My Data", 5, 5, 10)
FEWER = Growth("My Data", 5, 9, 2)


@pytest.mark.parametrize(
    ("growth", "before", "after"),
    [
        (MORE, "SUM(A5:A6)", "SUM(A5:A14)"),
        (MORE, "SUM(A4:A6)", "SUM(A4:A14)"),
        (MORE, "SUM($A$5:$B$6)+A7", "SUM($A$5:$B$14)+A15"),
        (MORE, "A1+A4+A5", "A1+A4+A5"),
        (MORE, "SUM(A1:A3)", "SUM(A1:A3)"),
        (MORE, "A:A+5:5", "A:A+5:5"),
        (MORE, '"A7"&A7', '"A7"&A15'),
        (MORE, "LOG10(A7)", "LOG10(A15)"),
        (MORE, "T[A7]+T[[#This Row],[A7]]", "T[A7]+T[[#This Row],[A7]]"),
        (MORE, "Other!A7+'My Data'!A7", "Other!A7+'My Data'!A15"),
        (MORE, "'my data'!A7", "'my data'!A15"),
        (MORE, "Tax2026*A7_x", "Tax2026*A7_x"),
        (MORE, "A1048576", "A1048584"),
        (MORE, "SUM(A1:A1048576)", "SUM(A1:A1048576)"),
        (FEWER, "SUM(A5:A9)+A10", "SUM(A5:A6)+A7"),
        (FEWER, "A8", "A6"),
        (ONE_TO_MANY, "A5", "A5"),
        (ONE_TO_MANY, "SUM(A5:A5)", "SUM(A5:A14)"),
    ],
)
def test_a_formula_of_the_sheet_follows_the_rows(growth: Growth, before: str, after: str) -> None:
    assert growth.formula(before, here=True) == after


def test_on_other_sheets_only_what_names_the_sheet_follows() -> None:
    assert MORE.formula("A7+'My Data'!A7", here=False) == "A7+'My Data'!A15"
    assert ONE_TO_MANY.formula("'My Data'!$C$5", here=False, single=True) == "'My Data'!$C$5:$C$14"


@pytest.mark.parametrize(
    ("formula", "grown", "in_row_8"),
    [
        ("B5*C5", "B5*C5", "B8*C8"),
        ("SUM(B$5:B5)", "SUM(B$5:B5)", "SUM(B$5:B8)"),
        ("B5/SUM(B$5:B$5)", "B5/SUM(B$5:B$14)", "B8/SUM(B$5:B$14)"),
        ("B5*$B$1", "B5*$B$1", "B8*$B$1"),
        ("B5/B$7", "B5/B$16", "B8/B$16"),
        ('"B5"&B4', '"B5"&B4', '"B5"&B7'),
    ],
)
def test_a_formula_of_the_rows_slides_and_what_it_fixes_grows(
    formula: str, grown: str, in_row_8: str
) -> None:
    assert ONE_TO_MANY.body_formula(formula) == grown
    pieces = sliding(grown)
    assert "".join(str(one + 3) if isinstance(one, int) else one for one in pieces) == in_row_8
