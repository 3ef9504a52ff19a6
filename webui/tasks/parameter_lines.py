"""The parameters of a version as lines: one for each fact, so that two versions compare."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext

from webui.masks import is_secret, masked
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
HELD = ("default", "choices")
"""Facts that tell a value of the parameter."""
NOTHING: tuple[object, ...] = ("", None, [])
Parameter = Mapping[str, Any]


def parameter_lines(
    parameters: Sequence[Parameter], before: Sequence[Parameter] = ()
) -> Sequence[str]:
    """Return a line for each fact of each parameter, begun with its name; empty ones have none.

    What a secret parameter holds is masked; where it was another one `before`, that is said.
    """
    known = {one["name"]: one for one in before}
    return [line for one in parameters for line in _lines(one, known.get(one["name"], {}))]


def _lines(parameter: Parameter, before: Parameter) -> Iterator[str]:
    name = parameter["name"]
    for fact, value in parameter.items():
        if fact != "name" and value not in NOTHING:
            label = str(LABELS.get(fact, fact.replace("_", " ").capitalize()))
            hidden = fact in HELD and is_secret(name)
            words = _masked(value, before.get(fact)) if hidden else _words(fact, value)
            for line in words.splitlines():
                yield f":{name} · {label}: {line}"


def _masked(value: object, before: object) -> str:
    return masked(changed=before not in NOTHING and before != value)


def _words(fact: str, value: Any) -> str:
    if fact == "type":
        known = {kind.value: str(word) for kind, word in TYPES.items()}
        return known.get(str(value), str(value))
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
