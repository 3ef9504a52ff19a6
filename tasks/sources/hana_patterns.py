"""Patterns, series of days, percentiles and collations of HANA as DuckDB has them."""

from collections.abc import Callable, Sequence

from sqlglot import exp

from tasks.errors import mark
from tasks.sources.hana_dialect import start_of
from tasks.sources.hana_grammar import SERIES, SERIES_COLUMN, SERIES_COLUMNS
from tasks.sources.sql_text import SqlError

PERCENTILES = {"PERCENTILE_CONT": "quantile_cont", "PERCENTILE_DISC": "quantile_disc"}
_COLLATIONS = {
    "ENGLISH": "en", "FRENCH": "fr", "GERMAN": "de", "GREEK": "el", "ITALIAN": "it",
    "POLISH": "pl", "ROMANIAN": "ro", "RUSSIAN": "ru", "SPANISH": "es", "TURKISH": "tr",
}  # fmt: skip
START, END, NUMBER = SERIES_COLUMNS
_FLAGS = frozenset("ims")
_NOT_HERE = mark("Line {line}, column {column}: {what} is not known to this source.")


def rewrite_pattern(sql: str, call: exp.Anonymous) -> exp.Expr:
    """A function of patterns, as `hana_grammar` has read it; raises SqlError."""
    return _ANSWERS[call.name](sql, call, call.expressions)


def rewrite_like(sql: str, like: exp.RegexpLike) -> None:
    """LIKE_REGEXPR looks anywhere in the text, as DuckDB's own does."""
    flags = like.args.get("flag")
    like.set("flag", None)
    like.set("this", _text(like.this))
    like.set("expression", _pattern(sql, like.expression, flags))


def rewrite_series(sql: str, call: exp.Anonymous) -> exp.Expr:
    """The start, the end or the number of each period; the last one ends by the end of all.

    The call that has the bounds is also what its SELECT reads from: a row of DuckDB's own for
    each period, since a list of them all would be held outside of its limit of memory.
    """
    wanted = call.meta.get(SERIES_COLUMN)
    length = _length(sql, call)
    if wanted == START:
        _read_from_periods(sql, call, length)
    elif wanted is None:
        raise _not_here(sql, call, call.name)
    if wanted == NUMBER:
        return exp.column(NUMBER, quoted=True)
    at: exp.Expr = exp.column(START, quoted=True)
    if wanted == END:
        at = exp.Paren(this=exp.Add(this=at, expression=length))
    return exp.cast(at, SERIES[call.name])


def rewrite_percentile(sql: str, within: exp.WithinGroup) -> None:
    """PERCENTILE_CONT(p) WITHIN GROUP (ORDER BY x), over a window or not; raises SqlError."""
    name, ordered = within.this.name.upper(), within.expression.expressions
    if name not in PERCENTILES or len(ordered) != 1:
        raise _not_here(sql, within, f"{name} WITHIN GROUP")
    share = within.this.expressions[0]
    if ordered[0].args.get("desc"):
        if name != "PERCENTILE_CONT":  # between two values it is not the mirror of rising order
            raise _not_here(sql, within, f"{name} … DESC")
        share = exp.Paren(this=exp.Sub(this=exp.Literal.number(1), expression=share))
    within.replace(_call(PERCENTILES[name], ordered[0].this, share))


def rewrite_collation(sql: str, collate: exp.Collate) -> None:
    """COLLATE TURKISH is COLLATE tr; raises SqlError for one that is not known."""
    name = collate.expression.name.upper()
    if name not in _COLLATIONS:
        raise _not_here(sql, collate, f"COLLATE {name}")
    collate.set("expression", exp.Var(this=_COLLATIONS[name]))


def _length(sql: str, call: exp.Anonymous) -> exp.Expr:
    step = call.expressions[0] if call.expressions else exp.Null()
    words = step.name.upper().split() if isinstance(step, exp.Literal) else []
    if len(words) != 3 or words[0] != "INTERVAL":
        raise _not_here(sql, call, f"{call.name} … '{step.name}'")
    return exp.cast(exp.Literal.string(" ".join(words[1:])), "INTERVAL")


def _read_from_periods(sql: str, call: exp.Anonymous, length: exp.Expr) -> None:
    bounds, select = call.expressions[1:], call.find_ancestor(exp.Select)
    if len(bounds) != 2 or select is None:
        raise _not_here(sql, call, f"{call.name} … {len(call.expressions)}")
    since, until = (_call("hana_moment", each) for each in bounds)
    names = [exp.to_identifier(name, quoted=True) for name in (START, NUMBER)]
    alias = exp.TableAlias(this=exp.to_identifier("periods", quoted=True), columns=names)
    periods = _call("range", since, until, length.copy())
    select.set("from_", exp.From(this=exp.Table(this=periods, alias=alias, ordinality=True)))


def _substring(sql: str, _call_node: exp.Anonymous, parts: Sequence[exp.Expr]) -> exp.Expr:
    occurrence = parts[5] if _given(parts[5]) else exp.Literal.number(1)
    return _call("list_extract", _all_matches(sql, parts), occurrence)


def _occurrences(sql: str, _call_node: exp.Anonymous, parts: Sequence[exp.Expr]) -> exp.Expr:
    return exp.cast(_call("len", _all_matches(sql, parts)), "INTEGER")


def _replaced(sql: str, call: exp.Anonymous, parts: Sequence[exp.Expr]) -> exp.Expr:
    """All of them, where it is not said which."""
    if _given(parts[5]) and parts[5].name != "1":
        raise _not_here(sql, call, f"REPLACE_REGEXPR … OCCURRENCE {parts[5].name}")
    how = exp.Literal.string("" if _given(parts[5]) else "g")
    instead = _text(parts[3]) if _given(parts[3]) else exp.Literal.string("")
    after = _call(
        "regexp_replace", _subject(parts), _pattern(sql, parts[0], parts[1]), instead, how
    )
    if not _given(parts[4]):
        return after
    before = exp.Sub(this=parts[4].copy(), expression=exp.Literal.number(1))
    return _call("concat", _call("left", _text(parts[2].copy()), before), after)


def _located(sql: str, call: exp.Anonymous, parts: Sequence[exp.Expr]) -> exp.Expr:
    """Where the first match begins, or, with AFTER, what follows it; 0 without one."""
    if _given(parts[4]) or (_given(parts[5]) and parts[5].name != "1"):
        raise _not_here(sql, call, "LOCATE_REGEXPR … FROM, OCCURRENCE")
    pattern = _pattern(sql, parts[0], parts[1])
    opening, closing = ("^(.*?)(?:", ")") if parts[7].name == "START" else ("^(.*?(?:", "))")
    whole = _call(
        "concat", exp.Literal.string(f"(?s){opening}"), pattern, exp.Literal.string(closing)
    )
    text = _text(parts[2])
    before = _call("regexp_extract", text.copy(), whole, exp.Literal.number(1))
    place = exp.Add(this=_call("length", before), expression=exp.Literal.number(1))
    found = exp.Case(default=exp.Literal.number(0))
    found.append(
        "ifs", exp.If(this=exp.Is(this=text.copy(), expression=exp.Null()), true=exp.Null())
    )
    found.append("ifs", exp.If(this=_call("regexp_matches", text, pattern.copy()), true=place))
    return exp.cast(found, "INTEGER")


def _all_matches(sql: str, parts: Sequence[exp.Expr]) -> exp.Expr:
    group = parts[6] if _given(parts[6]) else exp.Literal.number(0)
    return _call("regexp_extract_all", _subject(parts), _pattern(sql, parts[0], parts[1]), group)


def _subject(parts: Sequence[exp.Expr]) -> exp.Expr:
    """The text, from the place on that FROM names."""
    text = _text(parts[2])
    return _call("substr", text, parts[4]) if _given(parts[4]) else text


def _pattern(sql: str, pattern: exp.Expr, flags: exp.Expr | None) -> exp.Expr:
    """The pattern with its flags at its beginning; the flag x, which allows blanks, is not here."""
    if flags is None or not _given(flags) or flags.name == "":
        return pattern
    if not isinstance(flags, exp.Literal) or not set(flags.name) <= _FLAGS:
        raise _not_here(sql, pattern, f"FLAG '{flags.name}'")
    return _call("concat", exp.Literal.string(f"(?{flags.name})"), pattern)


def _text(value: exp.Expr) -> exp.Expr:
    return exp.cast(value, "TEXT")


def _given(part: exp.Expr) -> bool:
    return not isinstance(part, exp.Null)


def _call(name: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _not_here(sql: str, node: exp.Expr, what: str) -> SqlError:
    return SqlError(_NOT_HERE, sql=sql, start=start_of(node), what=what)


_ANSWERS: dict[str, Callable[[str, exp.Anonymous, Sequence[exp.Expr]], exp.Expr]] = {
    "LOCATE_REGEXPR": _located,
    "OCCURRENCES_REGEXPR": _occurrences,
    "REPLACE_REGEXPR": _replaced,
    "SUBSTRING_REGEXPR": _substring,
}
