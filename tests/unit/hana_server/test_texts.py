"""Text goes out as CESU-8 and comes back."""

from hypothesis import given
from hypothesis import strategies as st

from tests.hana_server.texts import from_units, from_wire, to_units, to_wire


def test_what_lies_beyond_the_basic_plane_is_two_surrogates_of_three_bytes() -> None:
    assert to_wire("😀") == b"\xed\xa0\xbd\xed\xb8\x80"
    assert to_wire("aşk") == "aşk".encode()


@given(st.text())
def test_every_text_comes_back(text: str) -> None:
    assert from_wire(to_wire(text)) == text
    assert from_units(to_units(text)) == text


@given(st.text(alphabet="aş😀"), st.integers(0, 20))
def test_a_text_that_is_cut_between_two_surrogates_is_whole_on_the_wire(
    text: str, place: int
) -> None:
    units = to_units(text)
    first, second = units[: place * 2], units[place * 2 :]

    assert to_wire(from_units(first)) + to_wire(from_units(second)) == to_wire(text)
