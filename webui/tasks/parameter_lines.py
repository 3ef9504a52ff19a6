"""The parameters of a version as lines: one for each fact, so that two versions compare."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext

from webui.tasks.choices import TYPES

LABELS = {
    "type": lazy_gettext("Type"),
    "label": lazy_gettext("Label"),
    "required": lazy_gettext("It must be given"),
    "default": lazy_gettext("Default"),
    "choices": lazy_gettext("Choices"),
    "help": lazy_gettext("Help"),
    "minimum": lazy_gettext("The least"),
    "maximum": lazy_gettext("The most"),
    "sql": lazy_gettext("SQL"),
}


def parameter_lines(parameters: Sequence[Mapping[str, Any]]) -> Sequence[str]:
    """Return a line for each fact of each parameter, begun with its name; empty ones have none."""
    return [line for one in parameters for line in _lines(one)]


def _lines(parameter: Mapping[str, Any]) -> Iterator[str]:
    name = f":{parameter['name']}"
    for fact, value in parameter.items():
        if fact != "name" and value not in ("", None, []):
            label = str(LABELS.get(fact, fact.replace("_", " ").capitalize()))
            for line in _words(fact, value).splitlines():
                yield f"{name} · {label}: {line}"


def _words(fact: str, value: Any) -> str:
    if fact == "type":
        known = {kind.value: str(word) for kind, word in TYPES.items()}
        return known.get(str(value), str(value))
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
