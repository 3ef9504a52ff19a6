"""The log of an attempt, read from its end, or on from where somebody has read to."""

from dataclasses import dataclass
from pathlib import Path

LINES = 1_000
FIRST_BYTES = 256 * 1024
"""At most so much is read for the last lines; longer lines mean fewer of them."""
NEXT_BYTES = 64 * 1024
"""At most so much is told at once; the next look brings more."""


@dataclass(frozen=True, slots=True)
class LogPart:
    """A part of a log: whole lines, and the offset in bytes after them."""

    text: str
    offset: int
    is_cut: bool = False
    """Whether something stands before it that is not in the text."""


def last_lines(path: Path, *, lines: int = LINES) -> LogPart:
    """Read the last lines of the log; nothing where there is none yet."""
    try:
        with path.open("rb") as log:
            size = log.seek(0, 2)
            start = max(size - FIRST_BYTES, 0)
            log.seek(start)
            content = log.read(FIRST_BYTES)
    except FileNotFoundError:
        return LogPart("", 0)
    whole = content[: content.rfind(b"\n") + 1]
    offset = start + len(whole)
    found = whole.splitlines(keepends=True)
    if start > 0:
        found = found[1:]  # its first line began before
    cut = start > 0 or len(found) > lines
    return LogPart(b"".join(found[-lines:]).decode("utf-8", "replace"), offset, cut)


def lines_after(path: Path, offset: int) -> LogPart:
    """Read the whole lines after the offset; a log that is shorter than that began anew."""
    try:
        with path.open("rb") as log:
            size = log.seek(0, 2)
            log.seek(offset if offset <= size else 0)
            start = log.tell()
            content = log.read(NEXT_BYTES)
    except FileNotFoundError:
        return LogPart("", 0)
    end = content.rfind(b"\n") + 1
    if end == 0 and len(content) == NEXT_BYTES:
        end = NEXT_BYTES  # one line without an end must not stop the rest
    return LogPart(content[:end].decode("utf-8", "replace"), start + end)
