"""The guard, stage by stage; a stage looks only at what the one before it let through."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from tasks.reports.guard import letters, signs, statement
from tasks.reports.guard.parameters import named, unknown
from tasks.reports.guard.verdict import Fault, Problem, Verdict, fault
from tasks.reports.guard.words import with_schema
from tasks.sources import sql_text
from tasks.sources.sql_text import Token

Catalogue = Mapping[str, Collection[str] | None]
"""The tables of a schema, and the columns of each in their exact case; None where unknown."""

MOST_PROBLEMS = 20

_BARE_RETURN = re.compile(r"\r(?!\n)")


def check(
    sql: str,
    *,
    parameters: Collection[str] | None = None,
    catalogue: Catalogue | None = None,
    schema: str = "",
    hana: bool = True,
) -> Verdict:
    """Judge a report's SQL; never raises, whatever the text.

    With `parameters`, each `:name` must be one of them. With `catalogue`, each table and column of
    its `schema` must be in it, and each that is named without a schema. Without `hana`, only that
    is judged which holds in the SQL of any database.
    """
    if too_long := letters.too_long(sql):
        return Verdict((_problem(sql, too_long),), ())
    tokens = list(sql_text.tokens(sql))
    words = with_schema([token for token in tokens if token.sort != "comment"])
    faults = (
        _faults_anywhere(sql, tokens, words)
        or (_faults_in_hana(words, catalogue, schema) if hana else [])
        or list(unknown(words, parameters) if parameters is not None else ())
    )
    found = sorted(faults, key=lambda one: one.start)
    problems = tuple(_problem(sql, one) for one in found[:MOST_PROBLEMS])
    return Verdict(problems, named(sql, tokens))


def _faults_anywhere(sql: str, tokens: list[Token], words: list[Token]) -> list[Fault]:
    return [*letters.between(sql, tokens), *letters.faults(tokens)] or list(statement.faults(words))


def _faults_in_hana(words: list[Token], catalogue: Catalogue | None, schema: str) -> list[Fault]:
    return list(signs.faults(words)) or _faults_of_tree(
        statement.without_last_semicolons(words), catalogue, schema
    )


def _faults_of_tree(words: list[Token], catalogue: Catalogue | None, schema: str) -> list[Fault]:
    try:
        return list(_read_and_look(words, catalogue, schema))
    except RecursionError:
        return [fault(words[0].start, signs.TOO_DEEP, most=str(signs.MOST_NESTED))]


def _read_and_look(words: list[Token], catalogue: Catalogue | None, schema: str) -> Iterator[Fault]:
    # Loaded here: sqlglot is heavy, and whoever only offers the guard need not wait for it.
    from tasks.reports.guard import reading, tree
    from tasks.sources import known_names

    query = reading.read(words)
    if isinstance(query, Fault):
        yield query
        return
    faults = list(tree.faults(query))
    yield from faults
    if catalogue is not None and not faults:
        yield from islice(known_names.faults(query, catalogue, schema=schema), MOST_PROBLEMS)


def _problem(sql: str, found: Fault) -> Problem:
    """A bare return ends a line too: Business One keeps its queries with these."""
    line, column = sql_text.line_and_column(_BARE_RETURN.sub("\n", sql), found.start)
    return Problem(line, column, found.template, found.values)
