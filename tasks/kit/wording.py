"""A report's SQL in another language: its column titles and its texts, and nothing else of it."""

from collections.abc import Mapping

from tasks.sources import sql_text
from tasks.sources.sql_text import Token

Words = Mapping[str, str]


def reworded(sql: str, *, names: Words, texts: Words) -> str:
    """Return the SQL with other quoted names and texts.

    A name behind a dot is a table's column and stays, whatever it is called.
    """
    pieces, end, before = [], 0, ""
    for token in sql_text.tokens(sql):
        pieces += [sql[end : token.start], _in_words(token, before, names, texts)]
        end, before = token.end, token.text
    return "".join([*pieces, sql[end:]])


def _in_words(token: Token, before: str, names: Words, texts: Words) -> str:
    bare = token.text[1:-1]
    if token.sort == "name" and before != "." and bare in names:
        return f'"{names[bare]}"'
    if token.sort == "text" and bare in texts:
        return "'" + texts[bare].replace("'", "''") + "'"
    return token.text
