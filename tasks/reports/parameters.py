"""Typed parameters of a task: defined by its author, given by a person or by a schedule."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tasks.errors import Invalid, mark
from tasks.reports.relative_dates import is_relative, resolve_relative

Value = str | int | Decimal | date | bool | None


class ParameterType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class ParameterDefinition(BaseModel):
    """One parameter, as its author defined it; `default` is written as a person would type it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    type: ParameterType = ParameterType.TEXT
    label: str = Field("", max_length=120)
    required: bool = True
    default: str = Field("", max_length=400)
    choices: list[str] = Field(default_factory=list, max_length=200)
    help: str = Field("", max_length=400)

    @field_validator("default", mode="before")
    @classmethod
    def _as_typed(cls, value: object) -> object:
        return "" if value is None else str(value)

    @model_validator(mode="after")
    def _default_fits(self) -> "ParameterDefinition":
        if self.type is ParameterType.CHOICE and not self.choices:
            raise Invalid(
                "{title}: give the choices, separated by commas.",
                field=f"parameters.{self.name}.choices",
                title=self.title,
            )
        if self.default:
            self._check_default()
        return self

    def _check_default(self) -> None:
        try:
            self.parse(self.default)
        except Invalid as error:
            error.field = f"parameters.{self.name}.default"
            raise

    @property
    def title(self) -> str:
        """What a form calls this parameter."""
        return self.label or self.name

    def parse(self, given: object) -> Value:
        """Turn what was typed into a value of this type; a relative date stays a word for now."""
        text = str(given).strip()
        try:
            return _PARSERS[self.type](text, self)
        except (ValueError, KeyError, InvalidOperation) as error:
            raise Invalid(
                _EXPECTED[self.type],
                field=f"parameters.{self.name}",
                title=self.title,
                given=text,
                choices=", ".join(self.choices),
            ) from error


def typed(value: object) -> str:
    """Return a kept value as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _text(text: str, _definition: ParameterDefinition) -> str:
    return text


def _integer(text: str, _definition: ParameterDefinition) -> int:
    return int(text)


def _decimal(text: str, _definition: ParameterDefinition) -> Decimal:
    number = Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _date(text: str, _definition: ParameterDefinition) -> date | str:
    if is_relative(text):
        return text
    if turkish := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        day, month, year = map(int, turkish.groups())
        return date(year, month, day)
    return date.fromisoformat(text)


def _boolean(text: str, _definition: ParameterDefinition) -> bool:
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[
        text.lower()
    ]


def _choice(text: str, definition: ParameterDefinition) -> str:
    if text not in definition.choices:
        raise ValueError(text)
    return text


_PARSERS: dict[ParameterType, Callable[[str, ParameterDefinition], Value]] = {
    ParameterType.TEXT: _text,
    ParameterType.INTEGER: _integer,
    ParameterType.DECIMAL: _decimal,
    ParameterType.DATE: _date,
    ParameterType.BOOLEAN: _boolean,
    ParameterType.CHOICE: _choice,
}

_EXPECTED = {
    ParameterType.TEXT: mark("{title}: “{given}” is not a text."),
    ParameterType.INTEGER: mark("{title}: “{given}” is not a whole number such as 12."),
    ParameterType.DECIMAL: mark("{title}: “{given}” is not a number such as 12.5."),
    ParameterType.DATE: mark(
        "{title}: “{given}” is not a date. Write it like 2026-01-31 or 31.01.2026, or one of "
        "today, first_of_month, first_of_last_month, last_of_last_month, days_ago(7)."
    ),
    ParameterType.BOOLEAN: mark("{title}: “{given}” is neither yes nor no."),
    ParameterType.CHOICE: mark("{title}: “{given}” is not one of {choices}."),
}


def definitions_of(kept: Sequence[Mapping[str, object]]) -> list[ParameterDefinition]:
    """Return the parameter definitions that a task's row keeps."""
    return [ParameterDefinition.model_validate(one) for one in kept]


def accept(
    definitions: Sequence[ParameterDefinition], given: Mapping[str, object]
) -> dict[str, object]:
    """Check what was given against the definitions and return it as it is kept in the run's row.

    An empty value counts as the default; raises Invalid with the field's name.
    """
    known = {definition.name for definition in definitions}
    for name in given:
        if name not in known:
            raise Invalid(
                "There is no parameter “{name}”. Known: {known}.",
                field=f"parameters.{name}",
                name=name,
                known=", ".join(sorted(known)) or "–",
            )
    return {one.name: _kept(one, given.get(one.name)) for one in definitions}


def _kept(definition: ParameterDefinition, given: object) -> object:
    text = "" if given is None else str(given).strip()
    text = text or definition.default
    if not text:
        if definition.required:
            raise Invalid(
                "{title} is missing.",
                field=f"parameters.{definition.name}",
                title=definition.title,
            )
        return None
    value = definition.parse(text)
    return value if isinstance(value, bool | int) else str(value)


def resolve(
    definitions: Sequence[ParameterDefinition], kept: Mapping[str, object], *, meant: date
) -> dict[str, Value]:
    """Turn a run's kept parameters into values; relative dates count from the day `meant`."""
    values: dict[str, Value] = {}
    for definition in definitions:
        given = kept.get(definition.name)
        value = None if given is None else definition.parse(given)
        if definition.type is ParameterType.DATE and isinstance(value, str):
            value = resolve_relative(value, meant)
        values[definition.name] = value
    return values
