"""Sentences in the language of the installation: what is told where no request names another."""

from tasks.retold import catalogue
from tasks.settings import settings


def in_our_language(template: str, **values: object) -> str:
    """Return the translated template, filled in; in English where it has no translation."""
    return in_language(settings().language, template, **values)


def in_language(language: str, template: str, **values: object) -> str:
    """Return the template in a language, filled in; in English where it has no translation."""
    return catalogue(language).gettext(template).format(**values)
