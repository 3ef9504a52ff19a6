"""A name that is not there, and the one that was probably meant."""

import difflib
from collections.abc import Iterable

from sqlglot import exp

from tasks.errors import mark
from tasks.sources.hana_dialect import start_of
from tasks.sources.sql_text import Fault, fault

_TABLE = mark('The table "{name}" does not exist.')
_TABLE_NEAR = mark('The table "{name}" does not exist. Did you mean "{near}"?')
_COLUMN = mark('The column "{name}" does not exist.')
_COLUMN_NEAR = mark('The column "{name}" does not exist. Did you mean "{near}"?')
_QUOTES = mark('HANA reads {name} as "{upper}". Write "{near}", with the quotes.')


def missing_table(node: exp.Expr, name: str, known: Iterable[str]) -> Fault:
    """The fault of a table that is not among the known ones; `name` is how HANA reads it."""
    return _missing(node, name, known, _TABLE, _TABLE_NEAR)


def missing_column(node: exp.Expr, name: str, known: Iterable[str]) -> Fault:
    """The fault of a column that is not among the known ones; `name` is how HANA reads it."""
    return _missing(node, name, known, _COLUMN, _COLUMN_NEAR)


def _missing(
    node: exp.Expr, name: str, known: Iterable[str], template: str, near_template: str
) -> Fault:
    near = _nearest(name, known)
    if near and not node.args.get("quoted") and near.upper() == name:
        return fault(start_of(node), _QUOTES, name=node.name, upper=name, near=near)
    if near:
        return fault(start_of(node), near_template, name=name, near=near)
    return fault(start_of(node), template, name=name)


def _nearest(name: str, known: Iterable[str]) -> str:
    """The name that was probably meant: the same letters in another case, or nearly the same."""
    by_lower = {other.casefold(): other for other in sorted(known)}
    close = difflib.get_close_matches(name.casefold(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else ""
