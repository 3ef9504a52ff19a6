"""What every form shares: what was typed, what is wrong with it, and how it answers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import request

from tasks.errors import Conflict, Invalid, OrchestratorError
from tasks.lengths import UNITS, split_length
from tasks.slugs import slug_of
from webui.i18n import say
from webui.numbers import number_of

MOST_DIGITS = 18


@dataclass
class Form:
    """`values` are as typed, by control; `errors` are sentences by control, "" for the whole."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    status: int = 200

    def refuse(self, name: str, sentence: str, *, status: int = 422) -> None:
        """Keep the first thing that is wrong with a control."""
        self.errors.setdefault(name, sentence)
        self.status = status

    @contextmanager
    def checking(self, *, conflict: str = "") -> Iterator[None]:
        """Turn an Invalid or a Conflict of the block into errors beside the controls.

        `conflict` is the control that a Conflict is about, where it is about one.
        """
        try:
            yield
        except Invalid as error:
            for problem in (error, *error.also):
                self.refuse(self.control_of(problem), say(problem))
        except Conflict as error:
            self.refuse(conflict, say(error), status=409)

    def control_of(self, error: OrchestratorError) -> str:
        """Return the control that the error is about, or "" where the form has none for it."""
        name = (getattr(error, "field", None) or "").replace(".", "-")
        return name if name in self.values else ""

    def text(self, name: str) -> str:
        """What stands in the control, without spaces around it."""
        return str(self.values.get(name, "")).strip()

    def lines(self, name: str) -> list[str]:
        """The lines of the control that say something, without spaces around them."""
        return [one.strip() for one in self.text(name).split("\n") if one.strip()]

    def whole(self, name: str, *, field: str = "") -> str:
        """The whole number in the control as it is kept; what is none as it was typed.

        Raises Invalid, about the control unless about `field`, for what can be read in two ways.
        """
        return number_of(self.text(name), field=field or name, whole=True)

    @property
    def version(self) -> int | None:
        """The version of the row that the form was made from; None for a new one."""
        return whole_number(self.text("version"))

    def compared_with(self, version: int) -> None:
        """Let who was slower, and now sees what is kept, save what is still typed."""
        if self.status == HTTPStatus.CONFLICT:
            self.values["version"] = str(version)

    def slug(self, nameless: str) -> str:
        """The short name, made of the title where none was typed; `nameless` without either."""
        return self.text("slug") or slug_of(self.text("title")) or nameless

    @staticmethod
    def options(choices: Sequence[str]) -> list[tuple[str, str]]:
        """The choices as a select takes them: the value and its text."""
        return [(one, one) for one in choices]

    def put_length(self, name: str, seconds: int | None, *, unit: str = "minutes") -> None:
        """Show a length as a number and a unit; one that is not set has no number."""
        if seconds is None:
            self.values |= {name: "", f"{name}-unit": unit}
            return
        count, unit = split_length(seconds)
        self.values |= {name: str(count), f"{name}-unit": unit}

    def take_length(self, name: str) -> float | str:
        """Return the length in seconds, or what was typed where it is no number.

        Raises Invalid for a number that can be read in two ways.
        """
        try:
            count = float(number_of(self.text(name), field=name))
            seconds = count * UNITS.get(self.text(f"{name}-unit"), 1)
            return int(seconds) if seconds.is_integer() else seconds
        except (ValueError, OverflowError):
            return self.text(name)


def typed(name: str) -> str:
    """Return what was typed into a control, with one kind of line ends and nothing unprintable."""
    return request.form.get(name, "").replace("\r\n", "\n").replace("\0", "")


def shown(value: object) -> object:
    """Return a kept value as a control shows it: a check as it is, nothing as an empty text."""
    if value is None:
        return ""
    return value if isinstance(value, bool) else str(value)


def is_deletion() -> bool:
    """Whether the request takes something away: DELETE, or POST with `_method`, as a form can."""
    return request.method == "DELETE" or request.form.get("_method") == "DELETE"


def whole_number(text: str) -> int | None:
    """Return the number that the text is; None where it is none, or too large for a table."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
