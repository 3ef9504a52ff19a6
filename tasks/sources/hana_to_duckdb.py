"""HANA's SQL as DuckDB's: one rewrite of the tree, which the macros stored in the file complete.

The text that comes out names its parameters $1, $2 … in the order of the author's `?`, so that one
that moves (TOP ?) keeps its value.
"""

import re
from typing import cast

from sqlglot import exp

from tasks.sources import hana_dialect, hana_patterns
from tasks.sources.hana_calls import as_text, call_of, decimal_of, rewrite_call
from tasks.sources.hana_dialect import Hana
from tasks.sources.sql_text import SqlError

_COMPACT_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WHOLE = (exp.DType.INT, exp.DType.BIGINT, exp.DType.SMALLINT, exp.DType.TINYINT)
_TEXT_TYPES = ("ALPHANUM", "SHORTTEXT", "NCLOB", "CLOB")
_UTC_NAMES = {"CURRENT_UTCTIMESTAMP": "hana_utcnow()", "CURRENT_UTCDATE": "hana_utcnow()::DATE"}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


def to_duckdb(sql: str) -> str:
    """Return the DuckDB query that answers what the HANA query asks; raises SqlError."""
    return rewrite(sql, hana_dialect.parse(sql))


def rewrite(sql: str, tree: exp.Query) -> str:
    """Return DuckDB's text of a tree that was read from `sql`; the tree is changed."""
    _number_parameters(sql, tree)
    _name_columns(tree)
    _quote_names(tree)
    for node in reversed(list(tree.walk())):
        _rewrite_node(sql, node)
    return tree.sql(dialect="duckdb", comments=False)


def count_parameters(tree: exp.Query) -> int:
    """How many `?` the query has."""
    return sum("start" in node.meta for node in tree.find_all(exp.Placeholder))


def _number_parameters(sql: str, tree: exp.Query) -> None:
    found = sorted(tree.find_all(exp.Placeholder), key=lambda node: int(node.meta.get("start", -1)))
    for number, node in enumerate(found, start=1):
        if "start" not in node.meta:
            raise SqlError(
                "Line {line}, column {column}: the parameter :{name} was given no value.",
                sql=sql,
                start=max(sql.find(f":{node.name}"), 0),
                name=node.name,
            )
        node.replace(exp.Parameter(this=exp.Literal.number(number)))


def _name_columns(tree: exp.Query) -> None:
    """Call a column without a name what HANA calls it: by its own text."""
    for select in tree.find_all(exp.Select):
        for column in list(select.expressions):
            if not isinstance(column, exp.Alias | exp.Star) and not _is_plain_column(column):
                name = column.sql(dialect=Hana, comments=False).replace('"', "")
                column.replace(exp.alias_(column.copy(), name, quoted=True))


def _is_plain_column(node: exp.Expr) -> bool:
    return isinstance(node, exp.Column) and node.name.upper() not in _UTC_NAMES


def _quote_names(tree: exp.Query) -> None:
    """A bare name is upper case in HANA; a quoted one is kept letter by letter."""
    for name in tree.find_all(exp.Identifier):
        if not name.args.get("quoted"):
            name.set("this", name.name.upper())
            name.set("quoted", True)


def _rewrite_node(sql: str, node: exp.Expr) -> None:
    if isinstance(node, exp.Table):
        _rewrite_dummy(node)
    elif isinstance(node, exp.Column):
        if node.name in _UTC_NAMES and not node.table:
            node.replace(_raw(_UTC_NAMES[node.name]))
    elif isinstance(node, exp.CurrentTimestamp):
        node.replace(call_of("hana_now"))
    elif isinstance(node, exp.CurrentDate):
        node.replace(call_of("hana_today"))
    elif isinstance(node, exp.CurrentTime):
        node.replace(exp.cast(call_of("hana_now"), "TIME"))
    elif isinstance(node, exp.Window) and node.this.name.upper() == "AVG":
        node.replace(exp.cast(node.copy(), "DECIMAL(38, 6)"))
    elif isinstance(node, exp.Div):
        node.replace(call_of("hana_divide", node.this, node.expression))
    elif isinstance(node, exp.Cast):
        _rewrite_cast(node)
    elif isinstance(node, exp.Trim):
        node.set("this", as_text(node.this))
    elif isinstance(node, exp.Extract):
        node.set("expression", call_of("hana_moment", node.expression))
    elif isinstance(node, exp.RegexpLike):
        hana_patterns.rewrite_like(sql, node)
    elif isinstance(node, exp.WithinGroup):
        hana_patterns.rewrite_percentile(sql, node)
    elif isinstance(node, exp.Collate):
        hana_patterns.rewrite_collation(sql, node)
    elif isinstance(node, _COMPARISONS):
        _rewrite_comparison(node)
    elif isinstance(node, exp.Anonymous):
        rewrite_call(sql, node)


def _rewrite_dummy(table: exp.Table) -> None:
    if table.name == "DUMMY" and table.db in ("", "SYS"):
        one_row = exp.select(exp.alias_(exp.Literal.string("X"), "DUMMY", quoted=True))
        table.replace(one_row.subquery(table.alias or "DUMMY"))


def _rewrite_cast(cast_node: exp.Cast) -> None:
    kind = cast_node.to
    if kind.this in _WHOLE:
        cast_node.set("this", call_of("hana_integer", cast_node.this))
    elif str(kind.args.get("kind") or kind.sql()).upper().startswith(("SECONDDATE", "LONGDATE")):
        cast_node.set("to", exp.DataType.build("TIMESTAMP"))
    elif str(kind.args.get("kind") or kind.sql()).upper().startswith(_TEXT_TYPES):
        cast_node.set("to", exp.DataType.build("TEXT"))
    elif kind.this == exp.DType.DECIMAL and kind.expressions:
        cast_node.replace(decimal_of(cast_node.this, kind.expressions))
    elif kind.this == exp.DType.DATE:
        cast_node.replace(call_of("hana_date", cast_node.this))


def _rewrite_comparison(node: exp.Expr) -> None:
    """Let a day in eight digits ('20240101') meet a DATE and a text alike: compare both as text."""
    operands = [child for child in node.iter_expressions() if isinstance(child, exp.Expr)]
    if not any(_is_day(operand, _COMPACT_DAY) for operand in operands):
        return
    for operand in operands:
        if _is_day(operand, _ISO_DAY):
            operand.replace(exp.Literal.string(operand.name.replace("-", "")))
        elif not _is_day(operand, _COMPACT_DAY):
            operand.replace(call_of("hana_compact", operand.copy()))


def _is_day(node: exp.Expr, pattern: re.Pattern[str]) -> bool:
    return isinstance(node, exp.Literal) and node.is_string and bool(pattern.fullmatch(node.name))


def _raw(sql: str) -> exp.Expr:
    return cast(exp.Expr, exp.maybe_parse(sql, dialect="duckdb"))
