"""What is asked for at each mark: read from the query's tree, where each mark is a placeholder."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from sqlglot import exp

from tasks.reports.guard.tables import spelled
from tasks.reports.parameters import ParameterType
from tasks.saved_queries.calls import (
    ABOUT_THE_COLUMN,
    ANSWERS,
    DATE,
    DECIMAL,
    INTEGER,
    PASSING,
    TEXT,
    taken,
)
from tasks.saved_queries.columns import ROWS, Types, guessed_type, type_of

_COMPARES = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Like, exp.RegexpLike)
_COUNTS = (exp.Add, exp.Sub, exp.Mul, exp.Div)
_LEAST = (exp.GT, exp.GTE)
_MOST = (exp.LT, exp.LTE)
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Told:
    """What a place tells of the value that stands in it; empty where it tells nothing."""

    type: ParameterType | None = None
    column: str = ""
    function: str = ""
    """What is made of the column before it is compared, such as YEAR."""
    bound: str = ""
    """`from` or `to` where the value is the least or the most."""
    names: bool = False
    """Whether a column is named in this place, so that no value can stand there."""


NOTHING = Told()


class Meaning:
    """One query's tree, and the types of the columns that it may read."""

    def __init__(self, query: exp.Expr, types: Types) -> None:
        self._types = types
        self._places: dict[str, list[exp.Expr]] = {}
        for node in query.find_all(exp.Placeholder):
            self._places.setdefault(node.name, []).append(node)
        self._with = _with_queries(query)
        self._found: dict[tuple[int, int], ParameterType | None] = {}

    def of(self, name: str) -> Iterator[Told]:
        """Yield what each place of the placeholder of this name tells."""
        yield from map(self._at, self._places.get(name, ()))

    def _at(self, node: exp.Expr) -> Told:
        child = node
        while _wraps(child.parent):
            child = child.parent or child
        parent = child.parent
        alone = _is_call(parent, ABOUT_THE_COLUMN) and len(parent.expressions) == 1
        if parent is not None and alone and isinstance(parent.parent, _COMPARES):
            child, parent = parent, parent.parent
        if isinstance(parent, exp.Between):
            return self._in_between(child, parent)
        if isinstance(parent, exp.In):
            return self._told(_listed(parent) if child is parent.this else parent.this)
        if isinstance(parent, _COMPARES):
            return self._compared(child, parent)
        return self._elsewhere(child, parent)

    def _in_between(self, child: exp.Expr, parent: exp.Between) -> Told:
        if child is parent.this:
            return self._told(parent.args["low"])
        return self._told(parent.this, "to" if child is parent.args["high"] else "from")

    def _compared(self, child: exp.Expr, parent: exp.Expr) -> Told:
        on_the_right = child is parent.expression
        other = parent.this if on_the_right else parent.expression
        if isinstance(parent, exp.Like | exp.RegexpLike):
            told = self._told(other)
            return Told(TEXT, told.column)
        least, most = (_LEAST, _MOST) if on_the_right else (_MOST, _LEAST)
        bound = "from" if isinstance(parent, least) else ""
        return self._told(other, "to" if isinstance(parent, most) else bound)

    def _elsewhere(self, child: exp.Expr, parent: exp.Expr | None) -> Told:
        """In a call, a sum, a CAST, a LIMIT or a list to sort by."""
        if isinstance(parent, exp.Ordered | exp.Group):
            return Told(names=True)
        if isinstance(parent, exp.Anonymous):
            return Told(_wanted(parent, child))
        if isinstance(parent, exp.Cast):
            return Told(type_of(parent.to.sql()))
        if isinstance(parent, exp.Limit | exp.Offset | exp.Fetch):
            return Told(INTEGER, ROWS)
        if isinstance(parent, _COUNTS):
            other = parent.this if child is parent.expression else parent.expression
            is_date = self._told(other).type is DATE
            return Told(INTEGER if is_date else DECIMAL)
        return Told(TEXT) if isinstance(child, exp.DPipe) else NOTHING

    def _told(self, other: exp.Expr | None, bound: str = "", depth: int = 0) -> Told:
        """What a value is that the mark is compared with."""
        if other is None or depth > DEEPEST:
            return NOTHING
        if isinstance(other, exp.Column):
            return self._of_column(other, bound, depth)
        if isinstance(other, exp.Literal):
            return Told(TEXT if other.is_string else DECIMAL, bound=bound)
        if isinstance(other, exp.Anonymous):
            return self._of_call(other, bound, depth)
        if isinstance(other, exp.Cast):
            return Told(
                type_of(other.to.sql()), self._told(other.this, depth=depth + 1).column, "", bound
            )
        if isinstance(other, exp.Paren | exp.Alias | exp.Neg | exp.Window):
            return self._told(other.this, bound, depth + 1)
        return self._of_the_rest(other, bound, depth)

    def _of_the_rest(self, other: exp.Expr, bound: str, depth: int) -> Told:
        if isinstance(other, exp.CurrentDate | exp.CurrentTimestamp):
            return Told(DATE, bound=bound)
        if isinstance(other, exp.Extract):
            return Told(INTEGER, bound=bound)
        if isinstance(other, exp.DPipe | exp.Trim):
            return Told(TEXT, bound=bound)
        if isinstance(other, exp.Subquery) and isinstance(other.this, exp.Select):
            return self._told(next(iter(other.this.expressions), None), bound, depth + 1)
        if isinstance(other, exp.Case) and other.args.get("ifs"):
            return self._told(other.args["ifs"][0].args["true"], bound, depth + 1)
        return Told(DECIMAL, bound=bound) if isinstance(other, _COUNTS) else NOTHING

    def _of_call(self, call: exp.Anonymous, bound: str, depth: int) -> Told:
        name, given = call.name.upper(), call.expressions
        inner = self._told(given[0], bound, depth + 1) if given else NOTHING
        if name in PASSING:
            return inner
        function = "" if name in ABOUT_THE_COLUMN else name
        column = next((one.name for one in call.find_all(exp.Column)), "")
        return Told(ANSWERS.get(name), column, function, bound)

    def _of_column(self, column: exp.Column, bound: str, depth: int) -> Told:
        name = spelled(column.this)
        seen = (id(column), depth)
        if seen not in self._found:  # a WITH that reads itself would be followed on all its ways
            self._found[seen] = self._type_in(column, name, depth)
        return Told(self._found[seen] or guessed_type(name), name, "", bound)

    def _type_in(self, column: exp.Column, name: str, depth: int) -> ParameterType | None:
        """Look the column up in the tables of the nearest query that has it."""
        alias = column.args.get("table")
        select = column.find_ancestor(exp.Select)
        while select is not None:
            for source in _sources(select):
                if alias is None or spelled(alias) == _called(source):
                    found = self._type_from(source, name, depth)
                    if found is not None:
                        return found
            select = select.find_ancestor(exp.Select)
        return None

    def _type_from(self, source: exp.Expr, name: str, depth: int) -> ParameterType | None:
        inner: exp.Expr | None = source.this if isinstance(source, exp.Subquery) else None
        if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
            table = spelled(source.this)
            inner = self._with.get(table)
            if inner is None:
                return self._types.get(table, {}).get(name)
        while isinstance(inner, exp.SetOperation):
            inner = inner.this
        if not isinstance(inner, exp.Select):
            return None
        made = next((one for one in inner.expressions if one.alias_or_name == name), None)
        return self._told(made, depth=depth + 1).type if made is not None else None


def _with_queries(query: exp.Expr) -> dict[str, exp.Expr]:
    """The queries of WITH by their names; the first of two that are called the same."""
    found: dict[str, exp.Expr] = {}
    for one in query.find_all(exp.CTE):
        found.setdefault(spelled(one.args["alias"].this), one.this)
    return found


def _listed(parent: exp.In) -> exp.Expr | None:
    """What stands first in the list of an IN, which may be a query."""
    return next(iter(parent.expressions), parent.args.get("query"))


def _sources(select: exp.Select) -> Iterator[exp.Expr]:
    if select.args.get("from_"):
        yield select.args["from_"].this
    for join in select.args.get("joins") or ():
        yield join.this


def _called(source: exp.Expr) -> str:
    alias = source.args.get("alias")
    if alias is not None and alias.this is not None:
        return spelled(alias.this)
    return spelled(source.this) if isinstance(source.this, exp.Identifier) else ""


def _wraps(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Paren | exp.DPipe | exp.Neg) or _is_call(node, PASSING)


def _is_call(node: exp.Expr | None, names: frozenset[str]) -> TypeGuard[exp.Anonymous]:
    return isinstance(node, exp.Anonymous) and node.name.upper() in names


def _wanted(call: exp.Anonymous, child: exp.Expr) -> ParameterType | None:
    place = next((at for at, one in enumerate(call.expressions) if one is child), None)
    if place is None:  # in what belongs to the call but is no argument of it
        return None
    return taken(call.name.upper(), place=place, count=len(call.expressions))
