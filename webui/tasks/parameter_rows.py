"""The rows of a task's form that define its parameters; they work without a script."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from flask import request

from tasks.errors import Invalid
from tasks.reports.choice_presets import QUERIES, Preset
from tasks.reports.parameters import OF_SQL, ParameterType
from tasks.reports.parameters.bounds import NUMBERS
from webui.forms import typed
from webui.parameters import said, taken

NUMERIC = ("default", "minimum", "maximum")
TEXTS = ("name", "type", "label", "default", "choices", "help", "minimum", "maximum", "sql")
_CONTROL = re.compile(r"parameters-(\d{1,9})-name")
MOST = 50


class ParameterRows:
    """Rows 0 to n-1 in the values of a form, a control each, named like `parameters-0-name`."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        self._values = {} if values is None else values
        self.count = 0

    @classmethod
    def typed(cls, values: dict[str, Any]) -> "ParameterRows":
        """The rows as they were sent, numbered anew without gaps."""
        rows = cls(values)
        numbers = sorted({int(m[1]) for key in request.form if (m := _CONTROL.fullmatch(key))})
        for number in numbers:
            sent = {name: typed(f"parameters-{number}-{name}") for name in TEXTS}
            rows.add(sent | {"required": f"parameters-{number}-required" in request.form})
        return rows

    def put(self, definitions: Sequence[Mapping[str, Any]]) -> None:
        """Show the parameters that a task has."""
        for one in definitions:
            type = ParameterType(one.get("type", ParameterType.TEXT))
            numbers = {name: said(type, one[name]) for name in NUMERIC if one.get(name)}
            self.add({**one, **numbers, "choices": ", ".join(one.get("choices", []))})

    def add(self, row: Mapping[str, Any] | None = None) -> None:
        """Add a row at the end, empty unless given."""
        given = dict.fromkeys(TEXTS, "") | {"type": "text", "required": True} | dict(row or {})
        for name in (*TEXTS, "required"):
            self._values[f"parameters-{self.count}-{name}"] = given[name]
        self.count += 1

    def remove(self, number: int) -> None:
        """Remove a row; those below move up."""
        rows = [self._row(one) for one in range(self.count) if one != number]
        for one in [name for name in self._values if name.startswith("parameters-")]:
            del self._values[one]
        self.count = 0
        for row in rows:
            self.add(row)

    def fill(self, number: int, preset: str) -> None:
        """Put a ready query into a row, which then is a choice from it; its name where it has none.

        An unknown preset changes nothing.
        """
        if preset not in QUERIES or number >= self.count:
            return
        control = f"parameters-{number}-"
        self._values[f"{control}sql"] = QUERIES[Preset(preset)]
        self._values[f"{control}name"] = self._values[f"{control}name"] or preset
        if self._values[f"{control}type"] not in OF_SQL:
            self._values[f"{control}type"] = ParameterType.CHOICE_SQL.value

    def queries(self) -> list[str]:
        """Return the queries that are typed, without spaces around them."""
        found = [self._row(number)["sql"].strip() for number in range(self.count)]
        return [sql for sql in found if sql]

    def definitions(self) -> list[dict[str, Any]]:
        """Return the rows as definitions; a row with nothing typed in it is left out.

        A number that can be read in two ways stays as it was typed: `check_numbers` refuses it.
        """
        return [self._definition(number) for number in self._filled()]

    def check_numbers(self) -> None:
        """Raise Invalid, about the first number that can be read in two ways."""
        for place, number in enumerate(self._filled()):
            self._numbers(self._row(number), place)

    def check_count(self) -> None:
        """Raise Invalid, about the first row that is too many."""
        if len(self._filled()) > MOST:
            raise Invalid(
                "A task has at most {most} parameters. Remove this one and those below it.",
                field=f"parameters.{MOST}.name",
                most=MOST,
            )

    def control_of(self, field: str) -> str | None:
        """Return the control that an error's field is about: parameters.0.name, parameters.x."""
        parts = field.split(".")
        if parts[0] != "parameters" or self.count == 0:
            return None
        number, control = self._number(parts[1:2]), parts[2] if len(parts) > 2 else "name"
        return f"parameters-{number}-{control}"

    def _number(self, part: list[str]) -> int:
        filled = self._filled() or [0]
        if part and part[0].isdigit():
            return filled[min(int(part[0]), len(filled) - 1)]
        names = [self._row(number)["name"].strip() for number in filled]
        return filled[names.index(part[0])] if part and part[0] in names else filled[0]

    def _filled(self) -> list[int]:
        ways = [name for name in TEXTS if name != "type"]
        return [one for one in range(self.count) if any(self._row(one)[way] for way in ways)]

    def _row(self, number: int) -> dict[str, Any]:
        return {name: self._values[f"parameters-{number}-{name}"] for name in (*TEXTS, "required")}

    def _definition(self, number: int) -> dict[str, Any]:
        row = self._row(number)
        choices = [one.strip() for one in re.split(r"[,\n]", row.pop("choices")) if one.strip()]
        cleaned = {name: row[name].strip() for name in TEXTS if name != "choices"}
        with suppress(Invalid):
            cleaned |= self._numbers(row, number)
        return cleaned | {"required": row["required"], "choices": choices}

    @staticmethod
    def _numbers(row: Mapping[str, Any], place: int) -> dict[str, str]:
        """Return the numbers of a row as they are kept; `place` is among the rows with anything."""
        if row["type"] not in NUMBERS:
            return {}
        type, start = ParameterType(row["type"]), f"parameters.{place}"
        return {name: taken(type, row[name].strip(), field=f"{start}.{name}") for name in NUMERIC}
