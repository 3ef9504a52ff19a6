"""Short names for addresses: made of titles, and refused where no page could be found by them."""

import pytest

from tasks.errors import Invalid
from tasks.slugs import check_slug, slug_of


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


@pytest.mark.parametrize("slug", ["a", "7", "stok-izmir-2026", "a" * 80, "news"])
def test_words_of_small_letters_and_digits_can_stand_in_an_address(slug: str) -> None:
    check_slug(slug)


@pytest.mark.parametrize(
    ("slug", "sentence"),
    [
        ("new", "is kept for the pages"),
        ("a" * 81, "at most 80 characters"),
        ("", "small letters, digits and single dashes"),
        ("Sales", "small letters, digits and single dashes"),
        ("stok_izmir", "small letters, digits and single dashes"),
        ("stok--izmir", "small letters, digits and single dashes"),
        ("-stok", "small letters, digits and single dashes"),
        ("stok-", "small letters, digits and single dashes"),
        ("stok\n", "small letters, digits and single dashes"),
        ("ışık", "small letters, digits and single dashes"),
        ("a/../b", "small letters, digits and single dashes"),
    ],
)
def test_what_leads_to_no_page_is_refused_at_its_field(slug: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        check_slug(slug)
    assert refused.value.field == "slug"
