"""Rows of equal controls in a form, added and removed by buttons; they work without a script."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from webui.forms import Form, typed


@dataclass(frozen=True, slots=True)
class ListedRows:
    """Rows 0 to n-1 in the values of a form: `looks-columns-0-name` and so on.

    `new` is what stands in the controls of a new row; each control is one of its keys.
    """

    prefix: str
    new: Mapping[str, str]

    def count(self, values: Mapping[str, Any]) -> int:
        """How many rows the form shows."""
        return sum(1 for name in values if self._number(name) is not None)

    def add(self, values: dict[str, Any], row: Mapping[str, Any] | None = None) -> None:
        """Add a row at the end, a new one unless it is given."""
        start = f"{self.prefix}-{self.count(values)}-"
        given = self.new if row is None else {part: row.get(part, "") for part in self.new}
        values |= {start + part: value for part, value in given.items()}

    def remove(self, values: dict[str, Any], number: int) -> None:
        """Remove a row; those below move up."""
        rows = [self.row(values, n) for n in range(self.count(values))]
        for name in [name for name in values if name.startswith(f"{self.prefix}-")]:
            del values[name]
        for n, row in enumerate(rows):
            if n != number:
                self.add(values, row)

    def sent(self) -> dict[str, Any]:
        """The rows as they were sent, numbered anew without gaps."""
        numbers = {number for key in request.form if (number := self._number(key)) is not None}
        values: dict[str, Any] = {}
        for number in sorted(numbers):
            start = f"{self.prefix}-{number}-"
            self.add(values, {part: typed(start + part) for part in self.new})
        return values

    def row(self, values: Mapping[str, Any], number: int) -> dict[str, Any]:
        """The controls of a row, by their names within it."""
        start = f"{self.prefix}-{number}-"
        return {part: values.get(start + part, "") for part in self.new}

    def rows(self, form: Form) -> list[dict[str, Any]]:
        """All rows as they were typed, without spaces around them."""
        count = self.count(form.values)
        typed_rows = [self.row(form.values, number) for number in range(count)]
        return [{part: str(value).strip() for part, value in row.items()} for row in typed_rows]

    def _number(self, control: str) -> int | None:
        """The number of the row whose first control this is."""
        first = next(iter(self.new))
        found = re.fullmatch(rf"{self.prefix}-(\d{{1,2}})-{first}", control)
        return int(found[1]) if found else None
