"""Texts for a search and for an address, with Turkish letters."""

import pytest

from tasks.folding import fold, slug_of
from tasks.lengths import split_length


@pytest.mark.parametrize("text", ["IŞIK İŞİ", "ışık işi", "Isik isi", "IŞIK işi", "iṡik isi"])
def test_dotted_and_dotless_letters_are_one(text: str) -> None:
    assert fold(text) == "isik isi"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Vadesi geçmiş alacaklar", "vadesi-gecmis-alacaklar"),
        ("  Stok (İzmir) – 2026! ", "stok-izmir-2026"),
        ("!!!", ""),
        ("a" * 79 + " b", "a" * 79),
    ],
)
def test_a_title_makes_a_name_for_an_address(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@pytest.mark.parametrize(
    ("seconds", "length"),
    [(0, (0, "seconds")), (90, (90, "seconds")), (120, (2, "minutes")), (86_400, (1, "days"))],
)
def test_a_length_is_said_in_its_largest_whole_unit(seconds: int, length: tuple[int, str]) -> None:
    assert split_length(seconds) == length
