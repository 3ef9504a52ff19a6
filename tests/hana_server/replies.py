"""The small parts that answers are made of."""

import struct
from collections.abc import Sequence

from tests.hana_server.codes import PartKind
from tests.hana_server.framing import Part
from tests.hana_server.options import BINARY, BOOLEAN, encode_options

ROLLED_BACK, WRITE_STARTED = 0, 4
"""What happened to the transaction. A client that was not told of a write loses it silently."""
TIME_LIMIT = 5
"""The option of a statement's context by which the client sends its limit, in seconds."""
_SEQUENCE = 1


def affected(counts: Sequence[int]) -> Part:
    """How many rows were changed, for each row of parameters."""
    return Part(PartKind.ROWS_AFFECTED, struct.pack(f"<{len(counts)}i", *counts), len(counts))


def transaction_flag(flag: int) -> Part:
    """What happened to the transaction."""
    return Part(PartKind.TRANSACTION_FLAGS, encode_options([(flag, BOOLEAN, True)]))


def statement_context() -> Part:
    """Without this the client never sends the time limit of a statement."""
    return Part(PartKind.STATEMENT_CONTEXT, encode_options([(_SEQUENCE, BINARY, bytes(16))]))


def number(kind: PartKind, value: int) -> Part:
    """The number of a statement or of a result."""
    return Part(kind, struct.pack("<q", value))


def locators(numbers: Sequence[int]) -> Part:
    """The large parameters of which more must come."""
    body = struct.pack(f"<{len(numbers)}q", *numbers)
    return Part(PartKind.WRITE_LOB_REPLY, body, len(numbers))
