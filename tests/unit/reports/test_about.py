"""What a file says of several values: the first of them, and how many more there are."""

import pytest

from tasks.reports.about import LONGEST, SHOWN, told
from tasks.reports.render import Language

CODES = tuple(f"C{number}" for number in range(2_500))


@pytest.mark.parametrize(
    ("language", "end"),
    [(Language.ENGLISH, "C29 … and 2,470 more"), (Language.TURKISH, "C29 … ve 2.470 tane daha")],
)
def test_of_many_the_first_are_told_and_the_others_counted(language: Language, end: str) -> None:
    words = told(CODES, language)
    assert words.startswith("C0, C1, C2, ")
    assert words.endswith(f", C28, {end}")


def test_a_few_are_told_one_by_one() -> None:
    assert told(CODES[:SHOWN], Language.ENGLISH) == ", ".join(CODES[:SHOWN])
    assert told((), Language.ENGLISH) == ""


def test_of_several_long_texts_the_beginning_is_told() -> None:
    words = told(("x" * 5_000, "y" * LONGEST), Language.ENGLISH)
    assert words == "x" * (LONGEST - 1) + "…, " + "y" * LONGEST
    assert told("x" * 4_000, Language.ENGLISH) == "x" * 4_000
