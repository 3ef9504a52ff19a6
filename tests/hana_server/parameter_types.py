"""The types of `?`, from what stands beside each: the client converts its values to these."""

from collections.abc import Callable

from sqlglot import exp

from tests.hana_server.catalogue import Columns
from tests.hana_server.naming import Names, spelled
from tests.hana_server.types import TEXT, HanaType, declared

_NAMED = {
    "ADD_DAYS": (None, "INTEGER"),
    "ADD_MONTHS": (None, "INTEGER"),
    "ADD_YEARS": (None, "INTEGER"),
    "LEFT": (None, "INTEGER"),
    "RIGHT": (None, "INTEGER"),
    "SUBSTRING": (None, "INTEGER", "INTEGER"),
    "ROUND": (None, "INTEGER"),
}
"""Functions whose arguments have a type of their own."""
_RETURNED = {
    **dict.fromkeys(("COUNT", "ROW_NUMBER", "RANK", "DENSE_RANK"), "BIGINT"),
    **dict.fromkeys(
        (
            "YEAR",
            "MONTH",
            "DAYOFMONTH",
            "WEEK",
            "WEEKDAY",
            "HOUR",
            "MINUTE",
            "SECOND",
            "LENGTH",
            "LOCATE",
            "DAYS_BETWEEN",
            "MONTHS_BETWEEN",
            "YEARS_BETWEEN",
            "TO_INTEGER",
            "TO_INT",
        ),
        "INTEGER",
    ),
    **dict.fromkeys(
        ("ADD_DAYS", "ADD_MONTHS", "ADD_YEARS", "LAST_DAY", "NEXT_DAY", "TO_DATE"), "DATE"
    ),
    **dict.fromkeys(("TO_TIMESTAMP", "NOW", "ADD_SECONDS"), "TIMESTAMP"),
    **dict.fromkeys(("AVG", "TO_DECIMAL"), "DECIMAL(38,6)"),
    **dict.fromkeys(("TO_DOUBLE", "SQRT", "POWER"), "DOUBLE"),
}
_LIKE_FIRST = frozenset(
    {
        "SUM",
        "MIN",
        "MAX",
        "ABS",
        "IFNULL",
        "COALESCE",
        "NULLIF",
        "GREATEST",
        "LEAST",
        "ROUND",
        "FLOOR",
        "CEIL",
        "MEDIAN",
        "LAG",
        "LEAD",
        "FIRST_VALUE",
        "LAST_VALUE",
    }
)
_BESIDE = (
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Between,
    exp.In,
    exp.Add,
    exp.Sub,
    exp.Mul,
    exp.Div,
    exp.Case,
    exp.If,
)


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
        return _told(parent.to)
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
    wanted = _NAMED.get(name, ())[place : place + 1]
    if wanted and wanted[0]:
        return declared(wanted[0])
    return _beside(node, call, names) if name in _LIKE_FIRST else None


def _beside(node: exp.Expr, parent: exp.Expr, names: Names) -> HanaType | None:
    others = [child for child in parent.iter_expressions() if child is not node]
    return next((kind for other in others if (kind := _type_of(other, names))), None)


def _type_of(node: exp.Expr, names: Names) -> HanaType | None:
    """What an expression is, as far as its text tells."""
    for kind, answer in _ANSWERS:
        if isinstance(node, kind):
            return answer(node, names)
    return None


def _of_column(node: exp.Expr, names: Names) -> HanaType | None:
    assert isinstance(node, exp.Column)
    tables = names.columns(node)
    return next(
        (table[spelled(node.this)] for table in tables if spelled(node.this) in table), None
    )


def _of_literal(node: exp.Expr, _names: Names) -> HanaType | None:
    assert isinstance(node, exp.Literal)
    if node.is_string:
        return TEXT
    return declared("BIGINT" if node.name.isdigit() else "DECIMAL(38,10)")


def _of_call(node: exp.Expr, names: Names) -> HanaType | None:
    name = node.name.upper()
    if name in _RETURNED:
        return declared(_RETURNED[name])
    return _first(node, names) if name in _LIKE_FIRST else None


def _first(node: exp.Expr, names: Names) -> HanaType | None:
    """What the first part that has a type is: the sides of a sum, the branches of a CASE."""
    children = node.iter_expressions()
    return next((kind for child in children if (kind := _type_of(child, names))), None)


def _told(kind: exp.DataType) -> HanaType | None:
    return declared(kind.sql(dialect="duckdb")) or declared(str(kind.args.get("kind") or ""))


_ANSWERS: tuple[
    tuple[
        type[exp.Expr] | tuple[type[exp.Expr], ...], Callable[[exp.Expr, Names], HanaType | None]
    ],
    ...,
] = (
    (exp.Column, _of_column),
    (exp.Literal, _of_literal),
    (exp.Cast, lambda node, _names: _told(node.args["to"])),
    (exp.CurrentDate, lambda *_: declared("DATE")),
    (exp.CurrentTimestamp, lambda *_: declared("TIMESTAMP")),
    (exp.DPipe, lambda *_: TEXT),
    (exp.Anonymous, _of_call),
    (
        (
            exp.Paren,
            exp.Neg,
            exp.Add,
            exp.Sub,
            exp.Mul,
            exp.Div,
            exp.Case,
            exp.Window,
            exp.Subquery,
        ),
        _first,
    ),
)
