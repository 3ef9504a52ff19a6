"""A text on several lines, so that a narrow column shows all of it."""

import re
from collections.abc import Callable, Iterator

WORDS = re.compile(r"\S+|\s+")
CUT = "…"

Measure = Callable[[str], float]


def wrapped(text: str, room: float, measure: Measure, most: int) -> list[str]:
    """The lines of a text, each at most as wide as the room; past `most` lines it ends in `…`."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        for line in paragraph_lines(paragraph, room, measure):
            if len(lines) == most:
                return [*lines[:-1], ending(lines[-1], room, measure)]
            lines.append(line)
    return lines


def paragraph_lines(text: str, room: float, measure: Measure) -> Iterator[str]:
    """Lines that break between words; a word longer than the room breaks within."""
    line, used = "", 0.0
    for word in WORDS.findall(text):
        width = measure(word)
        if used + width > room and not word.isspace():
            if line.strip():
                yield line.rstrip()
            line, used = "", 0.0
            while width > room:
                fitting = most_fitting(word, room, measure)
                yield word[:fitting]
                word = word[fitting:]
                width = measure(word)
        line += word
        used += width
    yield line.rstrip()


def most_fitting(word: str, room: float, measure: Measure) -> int:
    """How many letters fit; at least one, whatever the room is."""
    used = 0.0
    for count, letter in enumerate(word):
        used += measure(letter)
        if used > room:
            return max(count, 1)
    return len(word)


def ending(line: str, room: float, measure: Measure) -> str:
    """The line with `…` at its end, where it still fits."""
    while line and measure(line + CUT) > room:
        line = line[:-1]
    return line + CUT
