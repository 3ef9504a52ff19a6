"""Each call of a HANA function as what answers it in DuckDB."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from tasks.sources import hana_functions, hana_grammar, hana_patterns
from tasks.sources.hana_dialect import start_of
from tasks.sources.sql_text import SqlError

_WIDEST = [38, 10]
"""Precision and scale of a DECIMAL that was given none, as of a division; see hana_divide."""


def rewrite_call(sql: str, call: exp.Anonymous) -> None:
    """Replace one call of a function in its tree; raises SqlError where it is not known."""
    name, arguments = call.name.upper(), list(call.expressions)
    if special := _SPECIAL.get(name):
        call.replace(special(sql, call, arguments))
    elif name in hana_grammar.SERIES:
        call.replace(hana_patterns.rewrite_series(sql, call))
    elif name in hana_grammar.PATTERNS:
        call.replace(hana_patterns.rewrite_pattern(sql, call))
    elif name in hana_functions.NUMBERS:
        whole = name not in ("TO_DOUBLE", "TO_REAL")
        value = call_of("hana_integer", *arguments) if whole else arguments[0]
        call.replace(exp.cast(value, hana_functions.NUMBERS[name]))
    elif name in hana_functions.TEXTS or name in hana_functions.DATES:
        call.replace(_convert(sql, call, name, arguments))
    elif name in hana_functions.TEXT:
        duckdb_name, texts = hana_functions.TEXT[name]
        changed = [as_text(a) if i < texts else a for i, a in enumerate(arguments)]
        if name in ("LPAD", "RPAD") and len(changed) == 2:
            changed.append(exp.Literal.string(" "))
        call.replace(call_of(duckdb_name, *changed))
    elif name in hana_functions.MACROS:
        steps = name in ("ADD_DAYS", "ADD_MONTHS", "ADD_YEARS")
        moment = "moment_" if steps and _is_moment(arguments) else ""
        call.replace(call_of(f"hana_{moment}{name.lower()}", *arguments))
    elif name not in hana_functions.SAME:
        raise SqlError(
            "Line {line}, column {column}: the function {name} is not known to this source.",
            sql=sql,
            start=start_of(call),
            name=call.name,
        )


def _is_moment(arguments: list[exp.Expr]) -> bool:
    first = arguments[0] if arguments else None
    if isinstance(first, exp.Cast):
        return bool(first.to.this == exp.DType.TIMESTAMP)
    return isinstance(first, exp.Anonymous) and first.name.startswith(("hana_now", "hana_moment"))


def _convert(sql: str, call: exp.Anonymous, name: str, arguments: list[exp.Expr]) -> exp.Expr:
    """TO_DATE, TO_VARCHAR and their like: with a format it must be written out as text."""
    wants_text, instant = name in hana_functions.TEXTS, name in ("TO_TIMESTAMP", "TO_SECONDDATE")
    value = arguments[0]
    if len(arguments) == 1:
        return (
            as_text(value)
            if wants_text
            else call_of("hana_moment" if instant else "hana_date", value)
        )
    wanted = arguments[1]
    pattern = hana_functions.date_format(wanted.name) if isinstance(wanted, exp.Literal) else None
    if pattern is None:
        raise SqlError(
            "Line {line}, column {column}: {name} needs a date format such as 'DD.MM.YYYY' here.",
            sql=sql,
            start=start_of(call),
            name=name,
        )
    if wants_text:
        return call_of("strftime", call_of("hana_moment", value), exp.Literal.string(pattern))
    read = call_of("strptime", as_text(value), exp.Literal.string(pattern))
    return read if instant else exp.cast(read, "DATE")


def _decimal(_sql: str, _call_node: exp.Anonymous, arguments: list[exp.Expr]) -> exp.Expr:
    return decimal_of(arguments[0], arguments[1:])


def _map(_sql: str, _call_node: exp.Anonymous, arguments: list[exp.Expr]) -> exp.Expr:
    """MAP(x, a, b, …, otherwise) is a CASE."""
    pairs = arguments[1:]
    otherwise = pairs.pop() if len(pairs) % 2 else None
    case = exp.Case(this=arguments[0], default=otherwise)
    for wanted, answer in zip(pairs[::2], pairs[1::2], strict=True):
        case.append("ifs", exp.If(this=wanted, true=answer))
    return case


def _average(_sql: str, call: exp.Anonymous, _arguments: list[exp.Expr]) -> exp.Expr:
    """HANA's AVG of a DECIMAL is a DECIMAL; DuckDB's is a DOUBLE."""
    if isinstance(call.parent, exp.Window):
        return call
    return exp.cast(call.copy(), "DECIMAL(38, 6)")


def _first(_sql: str, call: exp.Anonymous, arguments: list[exp.Expr]) -> exp.Expr:
    """FIRST_VALUE(x ORDER BY y) without OVER is an aggregate, and DuckDB calls it FIRST."""
    return call if isinstance(call.parent, exp.Window) else call_of("FIRST", *arguments)


_SPECIAL: dict[str, Callable[[str, exp.Anonymous, list[exp.Expr]], exp.Expr]] = {
    "AVG": _average,
    "FIRST_VALUE": _first,
    "MAP": _map,
    "NOW": lambda *_: call_of("hana_now"),
    "TO_DECIMAL": _decimal,
}


def call_of(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    """A call of a DuckDB function or of one of our macros."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def decimal_of(value: exp.Expr, sizes: Sequence[exp.Expr]) -> exp.Expr:
    """The value as DECIMAL(p, s): HANA cuts the other decimals off (SAP note 1895981)."""
    precision, scale = ([*(int(size.name) for size in sizes), 0] if sizes else _WIDEST)[:2]
    if scale < _WIDEST[1]:  # DuckDB would round
        exact = exp.cast(value, "DECIMAL({}, {})".format(*_WIDEST))
        value = call_of("trunc", exact, exp.Literal.number(scale))
    return exp.cast(value, f"DECIMAL({precision}, {scale})")


def as_text(value: exp.Expr) -> exp.Expr:
    """The value as text, which HANA makes of a number by itself."""
    if isinstance(value, exp.Literal) and value.is_string:
        return value
    return exp.cast(value, "TEXT")
