"""Subject and text of a report's mail, with its words filled in.

A text with double braces is a template of `tasks.reports.mail.template`. One with single braces
only, such as `{title}`, is as texts were first written: plain words, and nothing is calculated.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from tasks.errors import Invalid
from tasks.reports.mail.words import Words
from tasks.reports.render.layout import Language

PLACEHOLDERS = ("title", "date", "time", "rows", "files", "parameters")

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")

DEFAULT_SUBJECT = "{title} – {date}"
DEFAULT_TEXT = "{title}, {date} {time}\nRows: {rows}\nFiles: {files}\n\n{parameters}\n"
OWN_TEXTS = {
    Language.TURKISH: "{title}, {date} {time}\nSatır: {rows}\nDosyalar: {files}\n\n{parameters}\n"
}
"""What stands for the default text in another language, where its author has left it as it is."""
LONGEST_SUBJECT = 300

Filling = Callable[[Words], str]
"""Fills the words of one letter in; raises Invalid or JobError where they do not fit."""


def check_template(text: str, *, field: str) -> str:
    """Return the text; raises Invalid where it has a word that does not exist, or a wrong sign."""
    if is_template(text):
        from tasks.reports.mail.trying import try_out

        try_out(text, field=field)
        return text
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            raise Invalid(
                "There is no placeholder {{{name}}}. Known: {known}.",
                field=field,
                name=name,
                known=", ".join(f"{{{known}}}" for known in PLACEHOLDERS),
            )
    return text


def filling(text: str, *, language: Language, field: str) -> Filling:
    """Return what fills the text in, letter by letter; the default one is in each language."""
    if text.split() == DEFAULT_TEXT.split():
        text = OWN_TEXTS.get(language, text)
    if not is_template(text):
        return lambda words: fill(text, words.old())
    from tasks.reports.mail.template import compiled

    template = compiled(text, language=language, field=field)
    return lambda words: template.filled(words.known(language))


def is_template(text: str) -> bool:
    """Whether the text has double braces, so that it can calculate and decide."""
    return _TEMPLATE.search(text) is not None


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its placeholders replaced; a value's own braces stay as they are."""
    return _PLACEHOLDER.sub(lambda match: values.get(match.group(1), match.group(0)), template)


def one_line(text: str) -> str:
    """Return the text fit for a subject: no line break can get into a header, nothing turns it."""
    return " ".join(_visible(" ".join(text.split())).split())[:LONGEST_SUBJECT]


def several_lines(text: str) -> str:
    """Return the text fit for the body of a mail: its signs of control are gone, its lines stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_visible(line) for line in lines)


TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of the text after them, so that it reads as another one."""


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        sign
        for sign in text
        if sign == "\t" or (unicodedata.category(sign) not in ("Cc", "Cs") and sign not in TURNS)
    )
