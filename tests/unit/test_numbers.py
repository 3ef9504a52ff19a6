"""Numbers as people type them: what is read, what is refused, and how they are shown again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import Invalid
from tasks.numbers import as_typed, kept_number, typed_number

LANGUAGES = ("en", "tr")


def read(text: str, language: str = "en", *, whole: bool = False, most: int | None = None) -> str:
    return typed_number(text, language, field="limit", whole=whole, most=most)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1000", "1000"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("12,50", "12.5"),
        ("1.000,50", "1000.5"),
        ("1,000.50", "1000.5"),
        ("1.000.000", "1000000"),
        ("1,000,000", "1000000"),
        ("1 000,50", "1000.5"),
        ("1\u00a0000\u00a0000", "1000000"),
        ("1.234,567", "1234.567"),
        ("0.125", "0.125"),
        ("0,125", "0.125"),
        ("1234.567", "1234.567"),
        ("1234,567", "1234.567"),
        ("12,3450", "12.345"),
        (",5", "0.5"),
        ("-.5", "-0.5"),
        ("\u22121.000,5", "-1000.5"),
        ("+7", "7"),
        ("-0", "0"),
        ("0.000", "0"),
        ("007", "7"),
        (" 8 ", "8"),
        ("123456789012345678901234567890,12345678", "123456789012345678901234567890.12345678"),
    ],
)
def test_what_has_one_meaning_is_read_in_both_languages(
    typed: str, kept: str, language: str
) -> None:
    assert read(typed, language) == kept


@pytest.mark.parametrize(
    ("typed", "language", "ways"),
    [
        ("1.000", "en", "Write 1000 or 1.0000."),
        ("1.000", "tr", "Write 1000 or 1,0000."),
        ("1,000", "tr", "Write 1000 or 1,0000."),
        ("-12,345", "en", "Write -12345 or -12.3450."),
        ("123.456", "tr", "Write 123456 or 123,4560."),
    ],
)
def test_what_has_two_meanings_is_refused_with_both(typed: str, language: str, ways: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(typed, language)
    assert refused.value.field == "limit"
    assert refused.value.message == f"“{typed}” can be read in two ways. {ways}"


NO_NUMBERS = (
    *("", ".", "-", "--1", "many", "NaN", "1e3", "1_000", "٣", "$5", "0x1F", "1\n000", "1 00"),
    *("1.2.3", "1,00,000", "1.000,5.5", "0.000.000", "12.34.567", "31.01.2026", "1,000.", "1..5"),
)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_stays_as_it_was_typed(text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"), [("1.500", "1500"), ("1,234", "1234"), ("12", "12"), ("12,5", "12.5")]
)
def test_of_two_meanings_only_the_whole_one_is_meant_where_a_number_is_whole(
    typed: str, kept: str
) -> None:
    assert read(typed, whole=True) == kept


def test_a_whole_number_that_is_a_thousand_or_one_is_refused() -> None:
    with pytest.raises(Invalid, match=r"Write 2000 or 2\.$"):
        read("2.000", "tr", whole=True)


def test_of_two_meanings_the_one_that_is_too_large_is_not_meant() -> None:
    assert read("41.008", most=90) == "41.008"
    assert read("41,008", "tr", most=90) == "41.008"
    assert read("-41008", most=90) == "-41008"


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False, places=6, max_value=10**20),
    language=st.sampled_from(LANGUAGES),
)
def test_a_kept_number_is_read_as_itself_however_often_it_is_shown(
    number: Decimal, language: str
) -> None:
    kept = kept_number(number)
    assert Decimal(kept) == number
    assert read(as_typed(kept, language), language) == kept


@pytest.mark.parametrize(
    ("kept", "english", "turkish"),
    [
        ("12.5", "12.5", "12,5"),
        ("12.345", "12.3450", "12,3450"),
        ("1000", "1000", "1000"),
        ("0.125", "0.125", "0,125"),
        ("today", "today", "today"),
        ("12,5", "12,5", "12,5"),
    ],
)
def test_a_number_is_shown_as_its_reader_types_it(kept: str, english: str, turkish: str) -> None:
    assert (as_typed(kept, "en"), as_typed(kept, "tr")) == (english, turkish)
