"""The types of `?`, from what stands beside each: the client converts its values to these."""

from sqlglot import exp

from tests.hana_server.catalogue import Columns
from tests.hana_server.expression_types import LIKE_FIRST, type_of
from tests.hana_server.naming import Names, spelled
from tests.hana_server.types import TEXT, HanaType, declared

_ARGUMENTS = {
    "ADD_DAYS": (None, "INTEGER"),
    "ADD_MONTHS": (None, "INTEGER"),
    "ADD_YEARS": (None, "INTEGER"),
    "LEFT": (None, "INTEGER"),
    "RIGHT": (None, "INTEGER"),
    "ROUND": (None, "INTEGER"),
    "SUBSTRING": (None, "INTEGER", "INTEGER"),
}
"""Functions whose arguments have a type of their own."""
_BESIDE = (exp.Predicate, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Case, exp.If)
"""What makes its parts alike: a comparison, a sum, a choice."""


def infer(tree: exp.Expr, names: Names) -> tuple[HanaType, ...]:
    """The type of each `?`, in the order of the text."""
    found = [node for node in tree.find_all(exp.Placeholder) if "start" in node.meta]
    found.sort(key=lambda node: int(node.meta["start"]))
    return tuple(_wanted(node, names) or TEXT for node in found)


def _wanted(node: exp.Expr, names: Names) -> HanaType | None:
    parent = node.parent
    if isinstance(parent, exp.Paren | exp.Neg):
        return _wanted(parent, names)
    if isinstance(parent, exp.Limit | exp.Offset | exp.Fetch):
        return declared("BIGINT")
    if isinstance(parent, exp.Cast):
        return type_of(parent, names)
    if isinstance(parent, exp.Tuple):
        return _inserted(node, parent, names)
    if isinstance(parent, exp.Anonymous):
        return _argument(node, parent, names)
    if isinstance(parent, _BESIDE):
        return _beside(node, parent, names)
    return None


def _inserted(node: exp.Expr, row: exp.Tuple, names: Names) -> HanaType | None:
    insert = row.find_ancestor(exp.Insert)
    if insert is None or not isinstance(row.parent, exp.Values):
        return _beside(node, row.parent, names) if row.parent else None
    columns: Columns = next(iter(names.tables.values()), {})
    listed = insert.this.expressions if isinstance(insert.this, exp.Schema) else []
    order = [spelled(column) for column in listed] or list(columns)
    place = next(i for i, value in enumerate(row.expressions) if value is node)
    return columns.get(order[place]) if place < len(order) else None


def _argument(node: exp.Expr, call: exp.Anonymous, names: Names) -> HanaType | None:
    name = call.name.upper()
    place = next((i for i, value in enumerate(call.expressions) if value is node), 0)
    wanted = _ARGUMENTS.get(name, ())[place : place + 1]
    if wanted and wanted[0]:
        return declared(wanted[0])
    return _beside(node, call, names) if name in LIKE_FIRST else None


def _beside(node: exp.Expr, parent: exp.Expr, names: Names) -> HanaType | None:
    others = [child for child in parent.iter_expressions() if child is not node]
    return next((kind for other in others if (kind := type_of(other, names))), None)
