"""What the names of a query can mean at each place: its own tables first, then those around it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sqlglot import exp

Columns = Collection[str] | None
"""The columns of a source; None where they cannot be known, and any name goes."""


def spelled(name: exp.Expr) -> str:
    """The name as HANA reads it: a bare one is upper case."""
    return name.name if name.args.get("quoted") else name.name.upper()


@dataclass(frozen=True)
class Scope:
    """The names of one SELECT, and of what it stands in."""

    outer: "Scope | None" = None
    withs: dict[str, Columns] = field(default_factory=dict)
    sources: dict[str, Columns] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    """The names that the SELECT gives to its own columns, for ORDER BY and the like."""

    def with_named(self, name: str) -> tuple[bool, Columns]:
        """Whether a WITH has this name, and its columns."""
        for scope in self.outwards():
            if name in scope.withs:
                return True, scope.withs[name]
        return False, None

    def source_named(self, name: str) -> tuple[bool, Columns]:
        """Whether a table of the query is called so, and its columns."""
        for scope in self.outwards():
            if name in scope.sources:
                return True, scope.sources[name]
        return False, None

    def columns(self) -> Mapping[str, Columns]:
        """All that a name without a table can mean, by source; the nearest source first."""
        found: dict[str, Columns] = {"": self.made}
        for depth, scope in enumerate(self.outwards()):
            found |= {f"{depth} {name}": columns for name, columns in scope.sources.items()}
        return found

    def outwards(self) -> Iterator["Scope"]:
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer


def made_names(select: exp.Select, scope: Scope) -> Columns:
    """The columns of a SELECT's answer; None where a * stands for what nobody knows."""
    names: set[str] = set()
    for column in select.expressions:
        if not column.is_star:
            names.add(_name_of(column))
        elif (more := _behind_star(column, scope)) is not None:
            names.update(more)
        else:
            return None
    return names


def aliases(select: exp.Select) -> Iterator[str]:
    """What the SELECT itself calls its columns."""
    for column in select.expressions:
        if isinstance(column, exp.Alias):
            yield spelled(column.args["alias"])


def _name_of(column: exp.Expr) -> str:
    if isinstance(column, exp.Alias):
        return spelled(column.args["alias"])
    return spelled(column.this) if isinstance(column, exp.Column) else ""


def _behind_star(column: exp.Expr, scope: Scope) -> Columns:
    qualifier = column.args.get("table")
    if qualifier is not None:
        return scope.source_named(spelled(qualifier))[1]
    every: set[str] = set()
    for columns in scope.sources.values():
        if columns is None:
            return None
        every.update(columns)
    return every
