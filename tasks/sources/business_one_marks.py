"""Business One's own marks, `[%0]` and `$[…]`, which its client fills in and no database knows.

In quotes they would be taken for a text, and the report would be empty without a word.
"""

import re
from collections.abc import Iterable

from tasks.errors import mark
from tasks.sources.sql_text import SqlError, Token

ASKED = re.compile(r"\[%\d+\]")
FIELD = re.compile(r"\$\[[$@A-Za-z][^\]\n]{0,100}\]")
"""A path into JSON such as '$[0]' is none."""

_ASKED = mark(
    "Line {line}, column {column}: {mark} is Business One's own parameter;"
    " write a named one such as :from_date instead."
)
_FIELD = mark(
    "Line {line}, column {column}: {mark} reads a field of a form in Business One, and a report"
    " has no form; write a named parameter such as :card_code instead."
)


def refuse(sql: str, words: Iterable[Token]) -> None:
    """Raise SqlError at the first mark among the words, which come without comments."""
    for word in words:
        if word.sort == "form":
            template = _FIELD if word.text.startswith("$") else _ASKED
            raise SqlError(template, sql=sql, start=word.start, mark=word.text)
        if word.sort == "text":
            _refuse_in_text(sql, word)


def _refuse_in_text(sql: str, word: Token) -> None:
    for pattern, template in ((ASKED, _ASKED), (FIELD, _FIELD)):
        if found := pattern.search(word.text):
            start = word.start + found.start()
            raise SqlError(template, sql=sql, start=start, mark=found.group())
