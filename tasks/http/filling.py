"""Parameters written into an address or a text, so that each stays one value there."""

import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote
from xml.sax.saxutils import escape

from tasks.errors import ErrorKind, JobError

PLACEHOLDER = re.compile(r"\{\{([a-z]\w*)\}\}|\{([a-z]\w*)\}")

Escape = Callable[[str], str]


def fill(template: str, values: Mapping[str, object], escape: Escape) -> str:
    """Fill `{name}` in; `{{name}}` becomes `{name}`. Raises JobError for a name that is unknown."""

    def one(match: re.Match[str]) -> str:
        if match.group(1):
            return f"{{{match.group(1)}}}"
        name = match.group(2)
        if name not in values:
            raise JobError(
                "There is no parameter “{name}”. Known: {known}.",
                kind=ErrorKind.PARAMETER,
                name=name,
                known=", ".join(sorted(values)),
            )
        value = values[name]
        return "" if value is None else escape(str(value))

    return PLACEHOLDER.sub(one, template)


def in_url(value: str) -> str:
    """Write a value as a part of an address."""
    return quote(value, safe="")


def escape_for(content_type: str) -> Escape:
    """Return how a value is written into a text of this kind."""
    if "json" in content_type:
        return lambda value: json.dumps(value, ensure_ascii=False)[1:-1]
    if "xml" in content_type:
        return lambda value: escape(value, {'"': "&quot;", "'": "&apos;"})
    return in_url if "urlencoded" in content_type else str
