"""What an expression is, as far as its text tells."""

from collections.abc import Callable

from sqlglot import exp

from tests.hana_server.naming import Names, spelled
from tests.hana_server.types import TEXT, HanaType, declared

_BY_TYPE = {
    "BIGINT": "COUNT DENSE_RANK RANK ROW_NUMBER",
    "INTEGER": "DAYOFMONTH DAYS_BETWEEN HOUR LENGTH LOCATE MINUTE MONTH MONTHS_BETWEEN SECOND"
    " TO_INT TO_INTEGER WEEK WEEKDAY YEAR YEARS_BETWEEN",
    "DATE": "ADD_DAYS ADD_MONTHS ADD_YEARS LAST_DAY NEXT_DAY TO_DATE",
    "TIMESTAMP": "ADD_SECONDS NOW TO_TIMESTAMP",
    "DECIMAL(38,6)": "AVG TO_DECIMAL",
    "DOUBLE": "POWER SQRT TO_DOUBLE",
}
_RETURNED = {name: kind for kind, names in _BY_TYPE.items() for name in names.split(" ")}
_LIKE_FIRST_NAMES = (
    "ABS CEIL COALESCE FIRST_VALUE FLOOR GREATEST IFNULL LAG LAST_VALUE LEAD LEAST MAX MEDIAN MIN"
    " NULLIF ROUND SUM"
)
LIKE_FIRST = frozenset(_LIKE_FIRST_NAMES.split(" "))
"""Functions that are what their first argument is."""

_Answer = Callable[[exp.Expr, Names], HanaType | None]


def type_of(node: exp.Expr, names: Names) -> HanaType | None:
    """The type of an expression; None where it takes more than its text to know."""
    return next((answer(node, names) for kind, answer in _ANSWERS if isinstance(node, kind)), None)


def _of_column(node: exp.Expr, names: Names) -> HanaType | None:
    name = spelled(node.this)
    tables = names.columns(node)
    return next((table[name] for table in tables if name in table), None)


def _of_literal(node: exp.Expr, _names: Names) -> HanaType | None:
    if node.args.get("is_string"):
        return TEXT
    return declared("BIGINT" if node.name.isdigit() else "DECIMAL(38,10)")


def _of_cast(node: exp.Expr, _names: Names) -> HanaType | None:
    kind = node.args["to"]
    return declared(kind.sql(dialect="duckdb")) or declared(str(kind.args.get("kind") or ""))


def _of_call(node: exp.Expr, names: Names) -> HanaType | None:
    name = node.name.upper()
    if name in _RETURNED:
        return declared(_RETURNED[name])
    return _of_parts(node, names) if name in LIKE_FIRST else None


def _of_parts(node: exp.Expr, names: Names) -> HanaType | None:
    """What the first part that has a type is: the sides of a sum, the branches of a CASE."""
    children = node.iter_expressions()
    return next((kind for child in children if (kind := type_of(child, names))), None)


_ANSWERS: tuple[tuple[type[exp.Expr], _Answer], ...] = (
    (exp.Column, _of_column),
    (exp.Literal, _of_literal),
    (exp.Cast, _of_cast),
    (exp.CurrentDate, lambda *_: declared("DATE")),
    (exp.CurrentTimestamp, lambda *_: declared("TIMESTAMP")),
    (exp.DPipe, lambda *_: TEXT),
    (exp.Anonymous, _of_call),
    (exp.Binary, _of_parts),
    (exp.Unary, _of_parts),
    (exp.Case, _of_parts),
    (exp.Window, _of_parts),
    (exp.Subquery, _of_parts),
)
