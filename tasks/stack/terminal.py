"""The one stream of `up`: each line under the name of its part, in colour on a terminal."""

import os
import sys
from logging import getLogger
from typing import TextIO

log = getLogger(__name__)

COLOURS = {"valkey": 35, "mail": 33, "worker": 32, "beat": 36, "web": 34, "up": 1}
SILENT_PARTS = ("valkey",)
"""Parts that keep no log file of their own; their lines are kept with ours."""


class Terminal:
    """Prints until nobody reads any more: a closed terminal must not stop what runs."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.coloured = self.stream.isatty() and "NO_COLOR" not in os.environ
        self.is_open = True

    def say(self, part: str, line: str) -> None:
        """Show one line of a part; what has no name speaks for the whole."""
        if part in SILENT_PARTS:
            log.info("%s", line, extra={"part": part})
        self._print(f"{self._name(part)} {line}" if part else line)

    def tell(self, text: str = "") -> None:
        """Show a line of our own, for the person."""
        self._print(f"\x1b[1m{text}\x1b[0m" if self.coloured and text else text)

    def _name(self, part: str) -> str:
        padded = f"{part:>7} |"
        return f"\x1b[{COLOURS.get(part, 37)}m{padded}\x1b[0m" if self.coloured else padded

    def _print(self, line: str) -> None:
        if self.is_open:
            try:
                print(line, file=self.stream, flush=True)
            except OSError:
                self.is_open = False
