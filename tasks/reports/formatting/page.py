"""The lines that are being written."""

from tasks.reports.formatting.spacing import is_apart
from tasks.reports.formatting.words import Word

WIDTH = 88
"""Letters in a line, where the words allow it."""


class Page:
    """Words one after the other; what ends its line, such as a comment, ends it by itself."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._words: list[Word] = []

    @property
    def room(self) -> int:
        """How many letters fit into the rest of the line."""
        return WIDTH - len(self._line.rpartition("\n")[2])

    @property
    def text(self) -> str:
        return "\n".join([*self._lines, self._line.rstrip()])

    def turn(self, indent: int) -> None:
        """Begin a new line, unless this one is still empty."""
        if self._line.strip():
            self._lines.append(self._line.rstrip())
        self._line = " " * indent

    def write(self, word: Word, indent: int) -> None:
        """Write a word; `indent` is for the line that it may have to begin."""
        before = self._words[-1] if self._words else None
        if (before and before.ends_its_line) or (word.is_comment and word.own_line):
            self.turn(indent)
        if self._line.strip() and before and is_apart(self._words, word):
            self._line += " "
        self._line += word.text
        self._words = [*self._words[-1:], word]
