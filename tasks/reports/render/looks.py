"""How a table looks in a file, with every choice of its author resolved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from tasks.rows import Column, ColumnKind


class Operator(StrEnum):
    """What a rule of colour asks of a cell."""

    LESS = "less"
    MORE = "more"
    EQUAL = "equal"
    BETWEEN = "between"
    EMPTY = "empty"
    CONTAINS = "contains"


class Colour(StrEnum):
    """The palette of the rules; each is a fill with letters that can be read on it."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class ColourRule:
    """A colour for the cells of a column, or for their whole rows, where the operator holds."""

    column: str
    operator: Operator
    colour: Colour
    value: str = ""
    upper: str = ""
    whole_row: bool = False


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """How one column is shown; what is empty is as usual. `width` is in characters."""

    title: str = ""
    code: str = ""
    width: int | None = None
    as_text: bool = False
    is_share: bool = False
    """Whether it is a percentage, a rate or a price: the sum of these means nothing."""


USUAL = ColumnLook()


@dataclass(frozen=True, slots=True)
class TableLooks:
    """What stands above the rows (its first line is the title), and how the rows look.

    Columns are called as the query calls them; a name that a result does not have changes nothing.
    """

    above: tuple[str, ...] = ()
    columns: Mapping[str, ColumnLook] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    rules: tuple[ColourRule, ...] = ()
    in_companies: Mapping[str, Mapping[str, ColumnLook]] = field(default_factory=dict)
    """The columns as each of several companies shows them."""

    def in_company(self, company: str) -> "TableLooks":
        """How the rows of this company look."""
        return replace(self, columns=self.in_companies.get(company, self.columns))

    def of(self, column: Column) -> ColumnLook:
        return self.columns.get(column.name, USUAL)

    def shown(self, column: Column) -> Column:
        """The column under the title that people read, as text where its author wants that."""
        look = self.of(column)
        kind = ColumnKind.TEXT if look.as_text else column.kind
        return replace(column, name=look.title or column.name, kind=kind)

    def groups_in(self, columns: Sequence[Column]) -> list[int]:
        """The places of the columns that group the rows, the outer one first."""
        places = {column.name: n for n, column in enumerate(columns)}
        return [places[name] for name in self.groups if name in places]
