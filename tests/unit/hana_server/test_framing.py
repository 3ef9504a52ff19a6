"""Messages, parts and options as bytes."""

from hypothesis import given
from hypothesis import strategies as st

from tests.hana_server import framing, options
from tests.hana_server.codes import Function, PartKind
from tests.hana_server.framing import Part, Reply


def test_a_reply_has_the_lengths_that_its_headers_tell() -> None:
    content = Reply(Function.SELECT, [Part(PartKind.COMMAND, b"abc")]).encoded(7, 3)

    session, packet, length, _room, segments, _options, _size = framing.HEADER.unpack_from(content)
    assert (session, packet, segments) == (7, 3, 1)
    assert len(content) == framing.HEADER.size + length
    assert length % 8 == 0


def test_more_parts_than_a_short_holds_are_counted_in_the_longer_field() -> None:
    head = framing.PART.unpack_from(Part(PartKind.RESULT_SET, b"", 40_000).encoded())

    assert head[2:4] == (-1, 40_000)


@given(st.lists(st.binary(max_size=400), max_size=5))
def test_fields_come_back(fields: list[bytes]) -> None:
    assert options.decode_fields(options.encode_fields(fields)) == fields


def test_options_come_back() -> None:
    sent: list[options.Option] = [
        (1, options.INT, -5),
        (2, options.BOOLEAN, True),
        (17, options.BIGINT, 2**40),
        (45, options.STRING, "HDB"),
        (3, options.BINARY, b"\x00\x01"),
    ]

    found = options.decode_options(options.encode_options(sent))

    assert found == {1: -5, 2: True, 17: 2**40, 45: "HDB", 3: b"\x00\x01"}
