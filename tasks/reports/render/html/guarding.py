"""Texts that stay texts when the page is opened, or pasted, in a spreadsheet."""

from collections.abc import Sequence

GUARD = "\u200b"
"""A space without width: nobody sees it, and no spreadsheet takes what follows for a formula."""
SIGNS = frozenset("=+-@")
"""A spreadsheet may run a text that begins so; the spaces before it are no part of a cell."""
SUSPECT = SIGNS | frozenset(" \t\n\r\v\f\xa0")


def harmless(text: str) -> str:
    """The text, with the guard before it where a spreadsheet would take it for a formula."""
    if text[:1] in SUSPECT and text.lstrip()[:1] in SIGNS:
        return GUARD + text
    return text


def harmless_column(texts: list[str], values: Sequence[object]) -> list[str]:
    """The texts of a column's values; a number below zero stays one, what came as text is text."""
    if SUSPECT.isdisjoint([text[:1] for text in texts]):
        return texts
    return [
        harmless(text) if isinstance(value, str) else text
        for text, value in zip(texts, values, strict=True)
    ]
