"""The part of a file's name that tells whose rows it holds: safe on every system, and its own."""

from collections.abc import Iterable

from tasks.slugs import slug_of

LONGEST = 60
NAMELESS = "part"


def slugs_of(parts: Iterable[str]) -> dict[str, str]:
    """Return a word for each part, of small letters, digits and dashes; equal ones are numbered."""
    found: dict[str, str] = {}
    taken = set[str]()
    for part in parts:
        word = slug_of(part)[:LONGEST].strip("-") or NAMELESS
        found[part] = _free(word, taken)
        taken.add(found[part])
    return found


def _free(word: str, taken: set[str]) -> str:
    number, free = 1, word
    while free in taken:
        number += 1
        free = f"{word}-{number}"
    return free
