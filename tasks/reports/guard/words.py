"""The tokens of a text as the guard needs them: `{schema}` as one, and groups in parentheses."""

from collections.abc import Iterator

from tasks.sources.sql_text import Token

SCHEMA = "{schema}"


def with_schema(words: list[Token]) -> list[Token]:
    """Join each `{`, `schema`, `}` into one token."""
    return list(_joined(words))


def closing(words: list[Token], opening: int) -> int | None:
    """The index of the parenthesis that closes the one at `opening`; None where nothing does."""
    depth = 0
    for index in range(opening, len(words)):
        depth += {"(": 1, ")": -1}.get(words[index].text, 0)
        if depth == 0:
            return index
    return None


def follow(words: list[Token], index: int, *wanted: str) -> bool:
    """Whether the words from `index` on are these, written in any case."""
    found = words[index : index + len(wanted)]
    return [word.text.upper() for word in found] == list(wanted)


def _joined(words: list[Token]) -> Iterator[Token]:
    index = 0
    while index < len(words):
        three = words[index : index + 3]
        if "".join(word.text for word in three) == SCHEMA and three[2].end - three[0].start == 8:
            yield Token("word", SCHEMA, three[0].start)
            index += 3
        else:
            yield words[index]
            index += 1


def blank(pieces: list[str], first: int, last: int) -> None:
    """Take away the words from `first` to `last`, both among them."""
    pieces[first : last + 1] = [""] * (last + 1 - first)
