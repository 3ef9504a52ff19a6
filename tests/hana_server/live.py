"""What changes from moment to moment: who is connected, who asks, what each user may do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from tests.hana_server.catalogue import SYSTEM
from tests.hana_server.naming import spelled
from tests.hana_server.rights import User

Rows = Iterable[tuple[object, ...]]
_BY_SCHEMA = frozenset({"SCHEMAS", "TABLES", "VIEWS", "TABLE_COLUMNS", "VIEW_COLUMNS"})
"""Views that show a user only what this user may read."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The moment of one statement: who asks, and what the system views hold."""

    user: User
    values: Mapping[str, object]
    """CURRENT_USER and its like."""
    variables: Mapping[str, str]
    """What SESSION_CONTEXT answers."""
    rows: Callable[[str], Rows | None]
    """The rows of a system view; None for one that DuckDB answers by itself."""


def substitute_values(tree: exp.Expr, asked: Asked) -> bool:
    """Put CURRENT_USER and its like into the statement; says whether there was any."""
    changed = [_value(node, asked) for node in list(tree.find_all(exp.Column, exp.CurrentUser))]
    changed += [_variable(node, asked) for node in list(tree.find_all(exp.Anonymous))]
    return any(changed)


def substitute_tables(tree: exp.Expr, asked: Asked, columns: Callable[[str], list[str]]) -> bool:
    """Put the rows of system views into the statement; says whether there was any view."""
    changed = [_table(node, asked, columns) for node in list(tree.find_all(exp.Table))]
    return any(changed)


def _value(node: exp.Expr, asked: Asked) -> bool:
    name = "CURRENT_USER" if isinstance(node, exp.CurrentUser) else node.name.upper()
    plain = not (node.args.get("table") or (node.this and node.this.args.get("quoted")))
    if not plain or name not in asked.values:
        return False
    _replace(node, literal(asked.values[name]), name)
    return True


def _variable(node: exp.Anonymous, asked: Asked) -> bool:
    if node.name.upper() != "SESSION_CONTEXT" or not node.expressions:
        return False
    found = asked.variables.get(node.expressions[0].name)
    _replace(node, literal(found), f"SESSION_CONTEXT('{node.expressions[0].name}')")
    return True


def _replace(node: exp.Expr, value: exp.Expr, name: str) -> None:
    """A column keeps the name of what stood in its place."""
    named = isinstance(node.parent, exp.Select) and node.arg_key == "expressions"
    node.replace(exp.alias_(value, name, quoted=True) if named else value)


def _table(node: exp.Table, asked: Asked, columns: Callable[[str], list[str]]) -> bool:
    if not node.args.get("db") or spelled(node.args["db"]) != SYSTEM:
        return False
    name, called = spelled(node.this), node.alias or spelled(node.this)
    found = asked.rows(name)
    if rows := list(found or ()):
        node.replace(_rows(rows, columns(name)).subquery(exp.to_identifier(called, True)))
    elif name in _BY_SCHEMA and asked.user.schemas is not None:
        node.replace(_allowed(node, asked.user).subquery(exp.to_identifier(called, True)))
    # Without rows the table stays as it is, which is empty.
    return found is not None


def _rows(rows: list[tuple[object, ...]], names: list[str]) -> exp.Query:
    selects = [
        exp.select(
            *(exp.alias_(literal(v), n, quoted=True) for v, n in zip(row, names, strict=True))
        )
        for row in rows
    ]
    return exp.union(*selects, distinct=False) if len(selects) > 1 else selects[0]


def _allowed(node: exp.Table, user: User) -> exp.Select:
    inner = node.copy()
    inner.set("alias", None)
    allowed = [exp.Literal.string(name) for name in sorted((user.schemas or set()) | {SYSTEM})]
    return exp.select("*").from_(inner).where(exp.column("SCHEMA_NAME", quoted=True).isin(*allowed))


def literal(value: object) -> exp.Expr:
    """A value as it stands in a statement."""
    if value is None:
        return exp.null()
    if isinstance(value, int):
        return exp.Literal.number(value)
    if isinstance(value, datetime):
        return exp.cast(exp.Literal.string(value.isoformat(" ")), "TIMESTAMP")
    return exp.Literal.string(str(value))
