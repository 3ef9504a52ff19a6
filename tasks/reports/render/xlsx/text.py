"""Text as an Excel cell holds it: XML, its escapes, its longest length."""

import re

from tasks.reports.render.text import whole

MAX_LENGTH = 32_767
"""The most UTF-16 units in a cell (Excel specifications and limits)."""
SEPARATOR = "¦"
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, and the CR that its readers turn into LF."""
ESCAPED = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""The same, and a literal `_x0041_`, which a reader would turn into `A` (ECMA-376, ST_Xstring)."""


def xml_texts(texts: list[str]) -> list[str] | None:
    """The texts as XML, all at once; None where one of them needs `xml_text`."""
    joined = SEPARATOR.join(texts)
    if len(joined) * 2 > MAX_LENGTH and max(map(len, texts)) * 2 > MAX_LENGTH:
        return None
    if "_x" in joined or HARMFUL.search(joined):
        return None
    if "&" not in joined and "<" not in joined and ">" not in joined:
        return texts
    parts = markup_escaped(joined).split(SEPARATOR)
    return parts if len(parts) == len(texts) else None


def xml_text(text: str) -> str:
    """Any text as XML; ValueError where a cell is too short for it."""
    text = whole(text)
    if len(text) * 2 > MAX_LENGTH and len(text.encode("utf-16-le")) // 2 > MAX_LENGTH:
        raise ValueError(f"{len(text):,} characters")
    return markup_escaped(ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def markup_escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def column_letters(index: int) -> str:
    """The letters of a column counted from 0: A, Z, AA, XFD."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
