"""Sentences in the language of the installation: what is told where no request names another."""

import gettext
from functools import lru_cache
from pathlib import Path

from tasks.settings import settings

FOLDER = Path(__file__).parents[1] / "translations"


def in_our_language(template: str, **values: object) -> str:
    """Return the translated template, filled in; in English where it has no translation."""
    return _catalogue(settings().language).gettext(template).format(**values)


@lru_cache(maxsize=4)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("messages", FOLDER, [language], fallback=True)
