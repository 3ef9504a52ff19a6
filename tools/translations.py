"""Bring the catalogues up to date with the sentences of the product: `make translations`.

New sentences are added empty, what is gone is removed. A sentence that changed counts as new:
a guess from a similar one would be wrong without anybody seeing it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
FOLDERS = ("tasks", "webui", "templates")
ERRORS = (
    "Away", "Conflict", "Forbidden", "Invalid", "JobError", "NotFound", "OrchestratorError",
    "Refused", "SqlError", "StoreAway", "Uncertain", "Unreachable",
)  # fmt: skip
"""Their first argument is a sentence; `webui.i18n.say` translates it."""
KEYWORDS = DEFAULT_KEYWORDS | dict.fromkeys((*ERRORS, "mark", "lazy_gettext"), None)


def extract() -> Catalog:
    """Return the sentences of the code and of the templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=_is_searched
    )
    for _file, _line, message, comments, context in found:
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def _is_searched(folder: str) -> bool:
    path = Path(folder).relative_to(ROOT)
    return path.parts[:1] == () or path.parts[0] in FOLDERS


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """Yield each catalogue with its file."""
    for path in sorted((ROOT / "translations").glob("*/LC_MESSAGES/messages.po")):
        with path.open("rb") as file:
            yield path, read_po(file, locale=path.parts[-3])


def update() -> None:
    """Write the catalogues anew."""
    sentences = extract()
    for path, catalog in catalogues():
        catalog.update(sentences, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=100, sort_output=True, omit_header=False)
        missing = len(untranslated(catalog))
        sys.stdout.write(f"{path.relative_to(ROOT)}: {len(catalog)} sentences, {missing} missing\n")


def untranslated(catalog: Catalog) -> list[str]:
    """Return the sentences that are empty, or only guessed."""
    return [
        str(message.id)
        for message in catalog
        if message.id and (message.fuzzy or not all(_texts(message)))
    ]


def _texts(message: Message) -> tuple[str, ...]:
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ("",))


if __name__ == "__main__":
    update()
