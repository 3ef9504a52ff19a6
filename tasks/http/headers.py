"""Headers as a person writes them, one a line."""

import re
from collections.abc import Mapping, Sequence

from tasks.errors import Invalid

HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\xa0-\xff]*)")
OURS = ("host", "content-length", "transfer-encoding", "connection", "accept-encoding")


def check_header(line: str) -> str:
    """Return the line; raises Invalid. The error never quotes a value: it may be a password."""
    found = HEADER.fullmatch(line)
    if found is None:
        raise Invalid("Write one header a line, such as Accept: text/csv.", field="headers")
    if found.group(1).lower() in OURS:
        raise Invalid("The header {name} is set by itself.", field="headers", name=found.group(1))
    return line


def headers_of(lines: Sequence[str]) -> dict[str, str]:
    """Return the values by name, in small letters: case makes no difference."""
    parts = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in parts}


def content_type(headers: Mapping[str, str], body: str) -> str:
    """Return the kind of the text: what a header says, else what it looks like."""
    looks_like_json = body.lstrip()[:1] in ("{", "[")
    guess = "application/json" if looks_like_json else "text/plain; charset=utf-8"
    return headers.get("content-type", guess)
