"""Texts for a search, with Turkish letters, and lengths in words."""

import pytest

from tasks.folding import fold
from tasks.lengths import split_length


@pytest.mark.parametrize("text", ["IŞIK İŞİ", "ışık işi", "Isik isi", "IŞIK işi", "iṡik isi"])
def test_dotted_and_dotless_letters_are_one(text: str) -> None:
    assert fold(text) == "isik isi"


@pytest.mark.parametrize(
    ("seconds", "length"),
    [(0, (0, "seconds")), (90, (90, "seconds")), (120, (2, "minutes")), (86_400, (1, "days"))],
)
def test_a_length_is_said_in_its_largest_whole_unit(seconds: int, length: tuple[int, str]) -> None:
    assert split_length(seconds) == length
