"""Are the tables and columns of a query in the catalogue, letter by letter, as HANA minds them?"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from operator import itemgetter

from sqlglot import exp

from tasks.errors import mark
from tasks.sources.hana_dialect import start_of
from tasks.sources.missing import missing_column, missing_table
from tasks.sources.schema_name import OWN
from tasks.sources.scopes import Columns, Scope, aliases, made_names, spelled
from tasks.sources.sql_text import Fault, fault
from tasks.sources.system_names import is_hierarchy, is_of_the_system

_BARE = """
ALL CURRENT_SCHEMA CURRENT_USER CURRENT_UTCDATE CURRENT_UTCTIME CURRENT_UTCTIMESTAMP EXACT
LINGUISTIC ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP
ROUND_UP SESSION_USER SYSUUID
"""
_WITHOUT_A_TABLE = frozenset(_BARE.split())
"""What looks like a column and is none."""

_SOURCES = ("from_", "with_", "laterals")
_SEE_ALIASES = ("group", "having", "order")
"""The clauses that may use what the SELECT calls its columns."""

_ALIAS = mark("No table of this query is called {name}.")


Catalogue = Mapping[str, Collection[str] | None]
"""The tables of one schema, and the columns of each in their exact case; None where unknown."""

_Found = tuple[int, Callable[[], Fault]]
"""Where a fault is, and what tells it."""


def faults(query: exp.Query, catalogue: Catalogue, *, schema: str = "") -> Iterator[Fault]:
    """Yield every name that the catalogue and the query itself do not know, in their order.

    The catalogue is that of this schema; what is named in another one is not looked up. What was
    probably meant takes long to find among many names, so it is looked for one fault at a time.
    """
    found: list[_Found] = []
    _Names(catalogue, schema, found).of_query(query, Scope())
    for _start, told in sorted(found, key=itemgetter(0)):
        yield told()


class _Names:
    """One walk through the queries within queries, which keeps what is wrong."""

    def __init__(self, catalogue: Catalogue, schema: str, found: list[_Found]) -> None:
        self._catalogue = catalogue
        self._own = ("", schema, *OWN)
        self._found = found

    def of_query(self, query: exp.Expr, outer: Scope) -> Columns:
        """Look through a query; returns the columns of its answer."""
        scope = Scope(outer)
        for one in query.args["with_"].expressions if query.args.get("with_") else ():
            alias = one.args["alias"]
            scope.withs[spelled(alias.this)] = None  # for a WITH that reads itself
            scope.withs[spelled(alias.this)] = self._called(alias, self.of_query(one.this, scope))
        if isinstance(query, exp.SetOperation):
            return self._of_both(query, scope)
        if isinstance(query, exp.Subquery):
            return self._of_wrapped(query, scope)
        return self._of_select(query, scope) if isinstance(query, exp.Select) else None

    def _of_both(self, query: exp.SetOperation, scope: Scope) -> Columns:
        first: exp.Expr = query
        others = []
        while isinstance(first, exp.SetOperation):  # a long chain, so not by recursion
            others.append(first.expression)
            first = first.this
        columns = self.of_query(first, scope)
        for other in reversed(others):
            self.of_query(other, scope)
        self._check_order(query, scope, columns)
        return columns

    def _of_wrapped(self, query: exp.Subquery, scope: Scope) -> Columns:
        columns = self.of_query(query.this, scope)
        self._check_order(query, scope, columns)
        return columns

    def _check_order(self, query: exp.Expr, scope: Scope, columns: Columns) -> None:
        """ORDER BY and LIMIT of a whole see the columns of its answer alone."""
        scope.sources[""] = columns
        for clause in ("order", "limit", "offset"):
            if part := query.args.get(clause):
                self._check_within(part, scope)

    def _of_select(self, select: exp.Select, scope: Scope) -> Columns:
        entries = [select.args["from_"].this] if select.args.get("from_") else []
        entries += [join.this for join in select.args.get("joins") or ()]
        entries += select.args.get("laterals") or []
        for entry in entries:
            self._add_source(entry, scope)
        self._check_clauses(select, scope, lambda key: key not in _SEE_ALIASES)
        # A scope of its own: what is told later of a clause before knows none of these names.
        scope = replace(scope, made=set(aliases(select)))
        self._check_clauses(select, scope, lambda key: key in _SEE_ALIASES)
        return made_names(select, scope)

    def _check_clauses(
        self, select: exp.Select, scope: Scope, wanted: Callable[[str], bool]
    ) -> None:
        for key, part in select.args.items():
            for one in part if isinstance(part, list) else [part]:
                if isinstance(one, exp.Expr) and key not in _SOURCES and wanted(key):
                    self._check_within(one, scope)

    def _add_source(self, entry: exp.Expr, scope: Scope) -> None:
        alias = entry.args.get("alias")
        named = isinstance(entry, exp.Table) and isinstance(entry.this, exp.Identifier)
        columns = self._of_table(entry, scope) if named else self._of_derived(entry, scope)
        if alias is not None and alias.this is not None:
            scope.sources[spelled(alias.this)] = self._called(alias, columns)
        else:
            scope.sources[spelled(entry.this) if named else " "] = columns
        for join in entry.args.get("joins") or ():
            self._add_source(join.this, scope)

    def _of_derived(self, entry: exp.Expr, scope: Scope) -> Columns:
        """A query in parentheses, or what a function makes, whose columns only HANA knows."""
        if isinstance(entry, exp.Subquery):
            if isinstance(entry.this, exp.Table):
                self._add_source(entry.this, scope)
            return self.of_query(entry.this, scope)
        for query in entry.find_all(exp.Select):
            self.of_query(query, scope)
            break
        return None

    def _of_table(self, table: exp.Expr, scope: Scope) -> Columns:
        name, schema = spelled(table.this), table.args.get("db")
        if schema is None:
            known, columns = scope.with_named(name)
            if known:
                return columns
        place = spelled(schema) if schema is not None else ""
        if place not in self._own or is_of_the_system(place) or name == "DUMMY":
            return None
        if name not in self._catalogue:
            self._keep(table.this, partial(self._table_fault, table.this, name))
        return self._catalogue.get(name)

    def _called(self, alias: exp.Expr, columns: Columns) -> Columns:
        """The columns as `AS name (first, second)` calls them."""
        own = [spelled(getattr(one, "this", one) if isinstance(one, exp.ColumnDef) else one)
               for one in alias.args.get("columns") or ()]  # fmt: skip
        return own or columns

    def _check_within(self, part: exp.Expr, scope: Scope) -> None:
        """Check the columns of a part; a query within it has names of its own."""
        waiting = [part]
        while waiting:
            node = waiting.pop()
            if isinstance(node, exp.Query):
                self.of_query(node, scope)
            elif isinstance(node, exp.Column):
                self._check_column(node, scope)
            elif isinstance(node, exp.Join):  # what is joined is a source, looked through before
                waiting.extend([node.args["on"]] if node.args.get("on") else [])
            elif not (isinstance(node, exp.Table | exp.Lateral) or is_hierarchy(node)):
                waiting.extend(node.iter_expressions())

    def _check_column(self, column: exp.Column, scope: Scope) -> None:
        if isinstance(column.this, exp.Star):
            return
        name, qualifier = spelled(column.this), column.args.get("table")
        if qualifier is None:
            known = scope.columns().values()
            if name not in _WITHOUT_A_TABLE:
                self._check_among(column.this, name, known)
            return
        exists, columns = scope.source_named(spelled(qualifier))
        if exists:
            self._check_among(column.this, name, [columns])
        else:
            told = partial(fault, start_of(qualifier), _ALIAS, name=qualifier.name)
            self._keep(qualifier, told)

    def _check_among(self, node: exp.Expr, name: str, known: Iterable[Columns]) -> None:
        """The names are not gathered for a fault before it is told: thousands may be found."""
        lists = []
        for columns in known:
            if columns is None or name in columns:
                return
            lists.append(columns)
        self._keep(
            node, lambda: missing_column(node, name, {one for each in lists for one in each})
        )

    def _table_fault(self, node: exp.Expr, name: str) -> Fault:
        known = [other for other, columns in self._catalogue.items() if columns is not None]
        return missing_table(node, name, known)

    def _keep(self, node: exp.Expr, told: Callable[[], Fault]) -> None:
        self._found.append((start_of(node), told))
