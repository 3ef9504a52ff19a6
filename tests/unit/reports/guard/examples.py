"""The statements beside this file: a heading `--# …`, then the SQL."""

import re
from pathlib import Path

_HEADING = re.compile(r"^--# (.*)\n", re.MULTILINE)


def examples(name: str) -> list[tuple[str, str]]:
    """Return the heading and the SQL of each statement in a file."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    parts = _HEADING.split(text)[1:]
    return [
        (heading, sql.strip("\n")) for heading, sql in zip(parts[::2], parts[1::2], strict=True)
    ]
