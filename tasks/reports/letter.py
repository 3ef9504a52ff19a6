"""Subject and text of a report's mail, with its placeholders filled in."""

import re
from collections.abc import Mapping

from tasks.errors import Invalid

PLACEHOLDERS = ("title", "date", "time", "rows", "files", "parameters")

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")

DEFAULT_SUBJECT = "{title} – {date}"
DEFAULT_TEXT = "{title}, {date} {time}\nRows: {rows}\nFiles: {files}\n\n{parameters}\n"


def check_template(text: str, *, field: str) -> str:
    """Return the text; raises Invalid where it names a placeholder that does not exist."""
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            raise Invalid(
                "There is no placeholder {{{name}}}. Known: {known}.",
                field=field,
                name=name,
                known=", ".join(f"{{{known}}}" for known in PLACEHOLDERS),
            )
    return text


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its placeholders replaced; a value's own braces stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), template)


def one_line(text: str) -> str:
    """Return the text fit for a subject: no line break can get into a header."""
    return " ".join(text.split())[:300]
