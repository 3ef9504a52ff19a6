"""pydantic's problems as sentences for a person, each with the field that it is about."""

from typing import Any

from pydantic import ValidationError

from tasks.errors import Invalid, mark
from tasks.slugs import UNFIT

_MISSING = mark("Fill this in.")
_NUMBER = mark("“{given}” is not a number.")
_WHOLE_NUMBER = mark("“{given}” is not a whole number such as 12.")
_LIST_TOO_LONG = mark("At most {max_length} are possible here.")

_SENTENCES = {
    "missing": _MISSING,
    "string_too_short": _MISSING,
    "too_short": mark("Choose at least one."),
    "string_too_long": mark("This is too long: at most {max_length} characters."),
    "too_long": _LIST_TOO_LONG,
    "greater_than_equal": mark("{given} is too small: the least is {ge}."),
    "less_than_equal": mark("{given} is too large: the most is {le}."),
    "int_parsing": _WHOLE_NUMBER,
    "int_type": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_max_digits": mark("“{given}” has more than {max_digits} digits."),
    "finite_number": _NUMBER,
    "enum": mark("“{given}” is not one of the choices."),
}

_PATTERNS = {
    "slug": UNFIT,
    "name": mark(
        "“{given}” cannot be the name of a parameter. Use small letters, digits and underscores, "
        "and begin with a letter, such as due_by."
    ),
    "queue": mark("“{given}” is not the name of a queue."),
}

LONGEST_QUOTE = 60


def problems_of(error: ValidationError) -> list[Invalid]:
    """Return a sentence for each problem; `field` is the path to it, such as parameters.0.name."""
    return [_problem(one) for one in error.errors()]


def _problem(one: Any) -> Invalid:
    path = [str(part) for part in one["loc"]]
    template = _SENTENCES.get(one["type"])
    if one["type"] == "string_pattern_mismatch" and path:
        template = _PATTERNS.get(path[-1]) if one["input"] else _MISSING
    values = {name: str(value) for name, value in one.get("ctx", {}).items()}
    values["given"] = str(one["input"])[:LONGEST_QUOTE]
    if template is None:
        template, values = mark("This cannot be taken: {why}."), {"why": one["msg"].rstrip(".")}
    return Invalid(template, field=".".join(path) or None, **values)
