"""What people call the tables of Business One, whose names say it only to who knows them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "tr")

_FILE = Path(__file__).with_suffix(".txt")

_Called = tuple[str, ...]
"""What something is called in each of the languages."""


def called(table: str, language: str) -> str:
    """Return what a table is called in this language, or in English; empty where nobody knows."""
    names = _tables().get(table)
    if names is None:
        return ""
    return names[LANGUAGES.index(language) if language in LANGUAGES else 0]


@cache
def _tables() -> dict[str, _Called]:
    documents: dict[str, _Called] = {}
    parts: dict[str, _Called] = {}
    tables: dict[str, _Called] = {}
    for name, *names in _lines():
        kind, _, rest = name.rpartition(" ")
        kept = {"document": documents, "part": parts}.get(kind, tables)
        kept[rest] = tuple(names)
    return {**dict(_of_documents(documents, parts)), **tables}


def _lines() -> Iterator[list[str]]:
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield [part.strip() for part in line.split("|")]


def _of_documents(
    documents: dict[str, _Called], parts: dict[str, _Called]
) -> Iterator[tuple[str, _Called]]:
    """The header of INV is OINV, its rows are INV1, and so on."""
    for letters, names in documents.items():
        yield f"O{letters}", names
        for number, of_part in parts.items():
            pairs = zip(names, of_part, strict=True)
            yield f"{letters}{number}", tuple(f"{name}: {part}" for name, part in pairs)
