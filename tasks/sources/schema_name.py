"""The company database that a report names by `{schema}`, put in as a quoted name."""

import re
from dataclasses import dataclass

_SKIPPED_OR_PLACEHOLDER = re.compile(
    r"""
      --[^\n]*                          # a comment to the end of the line
    | /\*.*?(?:\*/|\Z)                  # a comment in the text
    | '(?:[^']|'')*'                    # a text
    | (?P<placeholder>"\{schema\}"(?!")|\{schema\})
    | "(?:[^"]|"")*"                    # any other quoted name
    """,
    re.VERBOSE | re.DOTALL,
)

STAND_IN = "_schema_"
"""A bare name as long as `{schema}`, for readers of SQL that know no braces."""
OWN = ("{schema}", STAND_IN.upper())
"""What stands for the schema of the source itself, as a reader of SQL spells it."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Where a placeholder stood in the author's text, and where its name stands now."""

    authors_start: int
    authors_end: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Placed:
    """The text for the source; each of its offsets can be told in the author's text."""

    sql: str
    _pieces: tuple[_Piece, ...]

    def authors_offset(self, offset: int) -> int:
        """Return where in the author's text stands what is at this offset of `sql`."""
        shift = 0
        for piece in self._pieces:
            if offset < piece.start:
                break
            if offset < piece.end:
                return piece.authors_start
            shift = piece.end - piece.authors_end
        return offset - shift


def with_stand_in(sql: str) -> str:
    """Return the text with each bare `{schema}` as a name, so that all offsets stay."""
    return _SKIPPED_OR_PLACEHOLDER.sub(
        lambda match: STAND_IN if match["placeholder"] == "{schema}" else match.group(), sql
    )


def place_schema(sql: str, schema: str) -> Placed:
    """Put the quoted name in for each `{schema}` that stands outside of texts and comments."""
    name = '"' + schema.replace('"', '""') + '"'
    parts: list[str] = []
    pieces: list[_Piece] = []
    read = written = 0
    for match in _SKIPPED_OR_PLACEHOLDER.finditer(sql):
        if match["placeholder"] is None:
            continue
        parts += (sql[read : match.start()], name)
        start = written + match.start() - read
        read, written = match.end(), start + len(name)
        pieces.append(_Piece(match.start(), match.end(), start, written))
    return Placed("".join([*parts, sql[read:]]), tuple(pieces))
