"""The tree of a query against the kinds of node that only read: what is not listed is refused."""

from collections.abc import Iterator

from sqlglot import exp

from tasks.errors import mark
from tasks.reports.guard import tables
from tasks.reports.guard.functions import FUNCTIONS, TABLE_FUNCTIONS, why_not
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources.hana_dialect import start_of

_CLAUSES = (
    *(exp.CTE, exp.Cube, exp.Distinct, exp.Except, exp.Fetch, exp.From, exp.Group),
    *(exp.GroupingSets, exp.Having, exp.Intersect, exp.Join, exp.Lateral, exp.Limit),
    *(exp.LimitOptions, exp.Offset, exp.Order, exp.Ordered, exp.Rollup, exp.Select, exp.Star),
    *(exp.Subquery, exp.Table, exp.TableAlias, exp.TableSample, exp.Union, exp.Version),
    *(exp.Where, exp.With),
)
_COMPARISONS = (
    *(exp.All, exp.And, exp.Any, exp.Between, exp.EQ, exp.Escape, exp.Exists, exp.GT, exp.GTE),
    *(exp.In, exp.Is, exp.LT, exp.LTE, exp.Like, exp.NEQ, exp.Not, exp.Or, exp.RegexpLike),
)
_VALUES = (
    *(exp.Add, exp.Alias, exp.Anonymous, exp.Boolean, exp.Case, exp.Cast, exp.Collate, exp.Column),
    *(exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.CurrentUser, exp.DPipe),
    *(exp.DataType, exp.DataTypeParam, exp.Div, exp.Extract, exp.Identifier, exp.If),
    *(exp.IgnoreNulls, exp.Interval, exp.Literal, exp.Mul, exp.Neg, exp.Null, exp.Paren),
    *(exp.Placeholder, exp.RespectNulls, exp.Sub, exp.Trim, exp.Tuple, exp.Var, exp.Window),
    *(exp.WindowSpec, exp.WithinGroup),
)
_TABLES_OF_TEXT = (
    *(exp.ColumnConstraint, exp.ColumnDef, exp.JSONColumnDef, exp.JSONSchema, exp.JSONTable),
    *(exp.PathColumnConstraint, exp.XMLTable),
)
_READS = frozenset((*_CLAUSES, *_COMPARISONS, *_VALUES, *_TABLES_OF_TEXT))
"""The exact classes; a class that inherits from one of them is another thing."""

_OTHER = mark("This part of the query ({kind}) is not among those that only read. Remove it.")
_VALUES_ROW = mark("VALUES does not read a table; write SELECT … FROM DUMMY.")


def faults(query: exp.Query) -> Iterator[Fault]:
    """Yield each part of the query that is more than reading, or that nobody knows."""
    own_names = tables.names_of_withs(query)
    for node in query.walk():
        if type(node) not in _READS:
            yield _refused(node)
        elif isinstance(node, exp.Select) and not node.expressions:
            yield fault(start_of(node), mark("This SELECT names no columns."))
        elif _is_foreign(node):
            yield fault(start_of(node), mark("This is another database's SQL and not HANA's."))
        elif isinstance(node, exp.Table):
            yield from tables.faults(node, own_names)
        elif isinstance(node, exp.Anonymous):
            yield from _call_faults(node)


def _is_foreign(node: exp.Expr) -> bool:
    """A node that is listed, used as HANA does not know it."""
    if isinstance(node, exp.Join):
        return node.method == "ASOF" or node.kind in ("SEMI", "ANTI")
    if isinstance(node, exp.Distinct):
        return node.args.get("on") is not None
    if isinstance(node, exp.DataType):
        return bool(node.args.get("nested"))
    return isinstance(node, exp.Star) and any(node.args.values())


def _refused(node: exp.Expr) -> Fault:
    call = node.find(exp.Anonymous) if isinstance(node, exp.Dot) else None
    if call is not None:
        return fault(start_of(node), tables.OWN_FUNCTION, name=call.name)
    if isinstance(node, exp.Values):
        return fault(start_of(node), _VALUES_ROW)
    return fault(start_of(node), _OTHER, kind=type(node).__name__)


def _call_faults(call: exp.Anonymous) -> Iterator[Fault]:
    start, parent = int(call.meta.get("start", 0)), call.parent
    if isinstance(parent, exp.Table | exp.Dot):
        return  # told of as the table or as the method that it is
    allowed = TABLE_FUNCTIONS if isinstance(parent, exp.Lateral) else FUNCTIONS
    if isinstance(call.this, exp.Identifier):
        yield fault(start, tables.OWN_FUNCTION, name=call.name)
    elif call.name.upper() not in allowed:
        template, values = why_not(call.name)
        yield fault(start, template, **values)
