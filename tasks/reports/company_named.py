"""A query that names one company itself would show the same rows under the name of each."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tasks.models import Source, SourceKind
from tasks.reports.companies import company_parameter
from tasks.reports.parameters import ParameterDefinition
from tasks.sources.companies import companies_of, own_schema
from tasks.sources.schema_name import place_schema
from tasks.sources.sql_text import SqlError, Token, spoken


def check_companies_named(
    sql: str, definitions: Sequence[ParameterDefinition], source: Source
) -> None:
    """Raise SqlError where companies can be chosen, but the query reads a fixed one all the same.

    With `{schema}` somewhere the author may well mean both, such as a company and its parent.
    """
    if company_parameter(definitions) is None or place_schema(sql, "").sql != sql:
        return
    known = {*companies_of(source), own_schema(source)}
    for token in _schemas(sql):
        if (name := _spelled(token, source.kind)) in known:
            raise SqlError(
                "Line {line}, column {column}: this reads the company {name}, whichever is chosen. "
                "Write {schema} instead.",
                sql=sql,
                start=token.start,
                name=name,
                schema="{schema}",
            )


def _schemas(sql: str) -> Iterator[Token]:
    """Yield the names before a dot, schemas among them."""
    for word, following in pairwise(spoken(sql)):
        if following.text == "." and word.sort in ("name", "word"):
            yield word


def _spelled(name: Token, kind: SourceKind) -> str:
    """Return the name as the source has it: without quotes PostgreSQL folds down, HANA up."""
    if name.sort == "name":
        return name.text[1:-1].replace('""', '"')
    return name.text.lower() if kind is SourceKind.SQL else name.text.upper()
