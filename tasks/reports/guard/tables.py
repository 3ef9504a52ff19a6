"""What a report may read from: tables and views of companies, and little of the system's."""

import re
from collections.abc import Iterator

from sqlglot import exp

from tasks.errors import mark
from tasks.reports.guard.functions import TABLE_FUNCTIONS, acts, why_not
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources.hana_dialect import start_of
from tasks.sources.scopes import spelled as spelled
from tasks.sources.system_names import HIERARCHIES, is_of_the_system

_READABLE = {
    "SYS": re.compile("DUMMY|SCHEMAS|TABLES|TABLE_COLUMNS|VIEWS|VIEW_COLUMNS|M_DATABASE"),
    "_SYS_BI": re.compile("M_TIME_DIMENSION.*|M_FISCAL_CALENDAR"),
    "_SYS_BIC": re.compile(".*"),
}
"""The schemas of the system that hold something for a report, and what of them."""
_INNER = re.compile("(?:SQLITE|DUCKDB|PG)_.*|M_[A-Z_]+", re.IGNORECASE)
"""Names that reach tables of the system without a schema."""
_FILE = re.compile(r".*[/\\*:].*|.*\.\w{2,8}", re.DOTALL)

_SYSTEM_TABLE = mark("{name} belongs to the system; a report reads the tables of a company.")
_FILE_NAME = mark("{name} looks like a file; a report reads tables only.")
_OTHER_DATABASE = mark('{name} is another database; write "schema"."table".')
_SOURCE = mark("Write the source of a hierarchy as a query: SOURCE (SELECT …).")
OWN_FUNCTION = mark(
    "What the function {name} does cannot be checked. Ask for a view that contains it."
)


def faults(table: exp.Table, own_names: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with one entry of a FROM; `own_names` are those of the WITHs."""
    named, schema = table.this, table.args.get("db")
    if isinstance(named, exp.Anonymous) and _is_view_with_parameters(named, schema):
        yield from _name_faults(table, named.name, schema)
    elif isinstance(named, exp.Anonymous):
        yield from _function_faults(named, schema)
    elif isinstance(named, exp.Identifier):
        if schema is not None or spelled(named) not in own_names:
            yield from _name_faults(table, spelled(named), schema)
    elif not isinstance(named, exp.JSONTable | exp.XMLTable):
        yield fault(start_of(table), mark("Only tables and queries can stand here."))


def names_of_withs(query: exp.Query) -> frozenset[str]:
    """What the query itself gives a name to."""
    return frozenset(spelled(one.args["alias"].this) for one in query.find_all(exp.CTE))


def _is_view_with_parameters(call: exp.Anonymous, schema: exp.Expr | None) -> bool:
    """Whether it is a view, as in "view"('PLACEHOLDER' = (…), …), though it looks like a call."""
    if acts(call.name) and (schema is None or spelled(schema) != "_SYS_BIC"):
        return False
    names = [one.this for one in call.expressions if isinstance(one, exp.EQ)]
    return len(names) == len(call.expressions) > 0 and all(
        isinstance(name, exp.Literal) and name.name.upper() in ("", "PLACEHOLDER") for name in names
    )


def _function_faults(call: exp.Anonymous, schema: exp.Expr | None) -> Iterator[Fault]:
    start = int(call.meta.get("start", 0))
    if schema is not None or isinstance(call.this, exp.Identifier):
        if call.name.upper().startswith("LIB_"):
            template, values = why_not(call.name)
            yield fault(start, template, **values)
        else:
            yield fault(start, OWN_FUNCTION, name=call.name)
    elif call.name.upper() not in TABLE_FUNCTIONS:
        template, values = why_not(call.name)
        yield fault(start, template, **values)
    elif call.name.upper() in HIERARCHIES:
        yield from _hierarchy_faults(call)


def _hierarchy_faults(call: exp.Anonymous) -> Iterator[Fault]:
    """A source that is no query looks like a column here, and its schema would go unseen."""
    for source in call.expressions:
        if isinstance(source, exp.Column) and source.table:
            yield fault(start_of(source), _SOURCE)


def _name_faults(table: exp.Table, name: str, schema: exp.Expr | None) -> Iterator[Fault]:
    place = spelled(schema) if schema is not None else ""
    if catalog := table.args.get("catalog"):
        yield fault(start_of(catalog), _OTHER_DATABASE, name=catalog.name)
    elif place and is_of_the_system(place):
        readable = _READABLE.get(place)
        if readable is None or not readable.fullmatch(name):
            yield fault(start_of(table), _SYSTEM_TABLE, name=f"{place}.{name}")
    elif not place and _FILE.fullmatch(name):
        yield fault(start_of(table), _FILE_NAME, name=name)
    elif not place and _INNER.fullmatch(name):
        yield fault(start_of(table), _SYSTEM_TABLE, name=name)
