"""The rows of a task's form that say what runs after it; they work without a script."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from tasks.chains import ChainContent, ChainValue
from tasks.models import ChainOn
from tasks.reports.parameters import ParameterDefinition, ParameterType
from webui.forms import typed
from webui.parameters import said, taken

_CONTROL = re.compile(r"chains-(\d{1,2})-task")
_VALUE = re.compile(r"chains-(\d{1,2})-(from|value)-([a-z][a-z0-9_]{0,39})")

FIXED = "value"
"""The choice of a value that is typed; others are `parameter:day` and `run:rows`."""


class ChainRows:
    """Rows 0 to n-1 in the values of a form: `chains-0-task`, `chains-0-from-day` and so on."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        self._values = {} if values is None else values
        self._types: dict[str, dict[str, ParameterType]] = {}
        """Of the parameters of each task that the rows lead to."""
        self._is_kept = False
        self.count = 0

    @classmethod
    def typed(cls, values: dict[str, Any]) -> "ChainRows":
        """The rows as they were sent, numbered anew without gaps."""
        rows = cls(values)
        numbers = sorted({int(m[1]) for key in request.form if (m := _CONTROL.fullmatch(key))})
        for number in numbers:
            rows.add(_sent(number))
        return rows

    def put(self, chains: Sequence[ChainContent]) -> None:
        """Show the chains that a task has."""
        self._is_kept = True
        for chain in chains:
            row = {"on": chain.on.value, "task": chain.task}
            for name, value in chain.parameters.items():
                row |= _row_of(name, value)
            self.add(row)

    def add(self, row: Mapping[str, str] | None = None) -> None:
        """Add a row at the end, empty unless given."""
        given = {"on": ChainOn.SUCCESS.value, "task": ""} | dict(row or {})
        self._values |= {f"chains-{self.count}-{name}": value for name, value in given.items()}
        self.count += 1

    def remove(self, number: int) -> None:
        """Remove a row; those below move up."""
        rows = [self._row(one) for one in range(self.count) if one != number]
        for name in [name for name in self._values if name.startswith("chains-")]:
            del self._values[name]
        self.count = 0
        for row in rows:
            self.add(row)

    def fit(self, definitions: Mapping[str, Sequence[ParameterDefinition]]) -> None:
        """Give each row the controls of its task's parameters, and no others.

        What is kept is shown as the reader types it.
        """
        self._types = {
            task: {one.name: one.type for one in several} for task, several in definitions.items()
        }
        for number in range(self.count):
            row = self._row(number)
            for name in row.keys() - {"on", "task"}:
                del self._values[f"chains-{number}-{name}"]
            for one in definitions.get(row["task"], ()):
                value = row.get(f"value-{one.name}", "")
                self._values |= {
                    f"chains-{number}-from-{one.name}": row.get(f"from-{one.name}", ""),
                    f"chains-{number}-value-{one.name}": said(one.type, value)
                    if self._is_kept
                    else value,
                }

    def task(self, number: int) -> str:
        """Return the name of the task that a row chose."""
        return str(self._values[f"chains-{number}-task"])

    def tasks(self) -> set[str]:
        """Return the names of all tasks that the rows chose."""
        return {self.task(number) for number in range(self.count)}

    def content(self) -> list[dict[str, Any]]:
        """Return the rows as chains; a row without a task is left out.

        Raises Invalid for a number that can be read in two ways.
        """
        return [self._chain(number, place) for place, number in enumerate(self._filled())]

    def control_of(self, field: str) -> str | None:
        """Return the control that an error's field is about: chains.0.task, chains.0.parameters.x.

        An error about the chains as a whole has no control of its own.
        """
        parts = field.split(".")
        if len(parts) < 2 or parts[0] != "chains" or not parts[1].isdigit():
            return None
        filled = self._filled()
        number = filled[int(parts[1])] if int(parts[1]) < len(filled) else 0
        control = f"chains-{number}-from-{parts[3]}" if len(parts) > 3 else ""
        return control if control in self._values else f"chains-{number}-task"

    def _filled(self) -> list[int]:
        return [number for number in range(self.count) if self.task(number)]

    def _row(self, number: int) -> dict[str, str]:
        start = f"chains-{number}-"
        return {
            name.removeprefix(start): value
            for name, value in self._values.items()
            if name.startswith(start)
        }

    def _chain(self, number: int, place: int) -> dict[str, Any]:
        row = self._row(number)
        types, start = self._types.get(row["task"], {}), f"chains.{place}.parameters"
        chosen = {
            name.removeprefix("from-"): source
            for name, source in row.items()
            if name.startswith("from-") and source
        }
        parameters = {
            name: _value_of(
                source, row.get(f"value-{name}", ""), types.get(name), f"{start}.{name}"
            )
            for name, source in chosen.items()
        }
        return {"on": row["on"], "task": row["task"], "parameters": parameters}


def _sent(number: int) -> dict[str, str]:
    row = {name: typed(f"chains-{number}-{name}") for name in ("on", "task")}
    for key in request.form:
        if (match := _VALUE.fullmatch(key)) and int(match[1]) == number:
            row[f"{match[2]}-{match[3]}"] = typed(key)
    return row


def _row_of(name: str, value: ChainValue) -> dict[str, str]:
    if value.from_parameter is not None:
        return {f"from-{name}": f"parameter:{value.from_parameter}", f"value-{name}": ""}
    if value.run is not None:
        return {f"from-{name}": f"run:{value.run}", f"value-{name}": ""}
    fixed = "" if value.value is None else str(value.value)
    return {f"from-{name}": FIXED, f"value-{name}": fixed}


def _value_of(
    source: str, typed_value: str, type: ParameterType | None, field: str
) -> dict[str, str]:
    kind, _, name = source.partition(":")
    if kind == "parameter":
        return {"from": name}
    if kind == "run":
        return {"run": name}
    text = typed_value.strip()
    return {"value": text if type is None else taken(type, text, field=field)}
