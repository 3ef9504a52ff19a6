"""Sentences that stand in the database, in English, told in another language.

A sentence was made from a template; the one it fits is found among those that the language knows.
"""

import gettext
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from tasks.errors import mark
from tasks.numbers import as_typed

FOLDER = Path(__file__).parents[1] / "translations"

STATES = {
    "queued": mark("queued"),
    "running": mark("running"),
    "succeeded": mark("succeeded"),
    "failed": mark("failed"),
    "timed_out": mark("timed out"),
    "cancelled": mark("cancelled"),
    "lost": mark("lost"),
    "skipped": mark("skipped"),
}
"""The one value of a stored sentence that is a word of ours and not a name."""

NESTED = ("why", "reason")
"""The values that may be sentences of ours themselves, or what another program said."""
SAID = {"company": r'[^",:\x00-\x1f\x7f]+', "recipient": r"\S+", "time": ".+?"}
"""What such a value can be; else the first of several sentences would swallow the others.

A company is what tasks.sources.companies.COMPANY allows, but the colon that stands behind it.
"""

SENTENCE_END = re.compile(r"(?<=[.!?]) ")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
LEAST_LITERAL = 12
"""Characters; a template of less would fit almost any sentence."""


def retold(text: str | None, language: str) -> str:
    """Tell a stored sentence in a language; an unknown one stays as it is."""
    if not text:
        return ""
    whole = catalogue(language).gettext(text)
    if whole != text:
        return whole
    found = _template_of(text, language)
    if found is None:
        return _one_by_one(text, language)
    template, values = found
    return catalogue(language).gettext(template).format(**values_retold(values, language))


def values_retold(values: Mapping[str, object], language: str) -> dict[str, object]:
    """Return what a template is filled with, told in a language."""
    return {name: _in_words(name, value, language) for name, value in values.items()}


@lru_cache(maxsize=4)
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations of a language; none where it has no catalogue, as English."""
    return gettext.translation("messages", FOLDER, [language], fallback=True)


def _one_by_one(text: str, language: str) -> str:
    """Tell each of several sentences; one that is unknown stays as it is."""
    parts = SENTENCE_END.split(text)
    return " ".join(retold(part, language) for part in parts) if len(parts) > 1 else text


def _in_words(name: str, value: object, language: str) -> object:
    if name in NESTED and isinstance(value, str):
        return retold(value, language)
    if isinstance(value, Decimal):
        return as_typed(value, language)
    if name == "state" and str(value) in STATES:
        return catalogue(language).gettext(STATES[str(value)])
    return value


@lru_cache(maxsize=2_000)
def _template_of(text: str, language: str) -> tuple[str, dict[str, str]] | None:
    """Return the template that the sentence was made from, and what it was filled with."""
    for template, pattern in _patterns(language):
        if match := pattern.fullmatch(text):
            return template, match.groupdict()
    return None


@lru_cache(maxsize=4)
def _patterns(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return the templates that this language knows, those that say most first."""
    known = getattr(catalogue(language), "_catalog", {})
    templates = [one for one in known if isinstance(one, str) and _is_template(one)]
    templates.sort(key=lambda one: len(PLACEHOLDER.sub("", one)), reverse=True)
    return [(one, _pattern(one)) for one in templates]


def _is_template(sentence: str) -> bool:
    names = PLACEHOLDER.findall(sentence)
    plain = PLACEHOLDER.sub("", sentence)
    return bool(names) and "{" not in plain and len(plain) >= LEAST_LITERAL


def _pattern(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    pattern = ""
    for part, name in zip(*[iter([*PLACEHOLDER.split(template), ""])] * 2, strict=True):
        pattern += re.escape(part)
        if name:
            said = SAID.get(name, ".+")
            pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{said})"
            seen.add(name)
    return re.compile(pattern, re.DOTALL)
