"""A query that names one company itself would show the same rows under the name of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.models import Source, SourceKind
from tasks.reports.companies import company_parameter
from tasks.reports.parameters import ParameterDefinition
from tasks.sources import mssql_text, sql_text
from tasks.sources.companies import companies_of, own_schema
from tasks.sources.schema_name import place_schema
from tasks.sources.sql_text import SqlError, Token
from tasks.sources.sql_url import SqlSettings


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How a database reads a text, and which name is meant by one without quotes and by any."""

    tokens: Callable[[str], Iterator[Token]]
    bare: Callable[[str], str]
    whole: Callable[[str], str] = str


_HANA = _Spelling(sql_text.tokens, str.upper)
"""Of a file of DuckDB, too, which is asked in HANA's words."""
_POSTGRESQL = _Spelling(sql_text.tokens, str.lower)
_SQL_SERVER = _Spelling(mssql_text.tokens, str.lower, str.lower)
"""It takes a name in any case, unless somebody has set it up otherwise."""


def check_companies_named(
    sql: str, definitions: Sequence[ParameterDefinition], source: Source
) -> None:
    """Raise SqlError where companies can be chosen, but the query reads a fixed one all the same.

    With `{schema}` somewhere the author may well mean both, such as a company and its parent.
    """
    if company_parameter(definitions) is None or place_schema(sql, "").sql != sql:
        return
    spelling = _spelling_of(source)
    allowed = (*companies_of(source), own_schema(source) or "")
    known = {spelling.whole(one): one for one in allowed if one}
    for token in _schemas(spelling.tokens(sql)):
        if name := known.get(_spelled(token, spelling)):
            raise SqlError(
                "Line {line}, column {column}: this reads the company {name}, whichever is chosen. "
                "Write {schema} instead.",
                sql=sql,
                start=token.start,
                name=name,
                schema="{schema}",
            )


def _spelling_of(source: Source) -> _Spelling:
    if source.kind is not SourceKind.SQL:
        return _HANA
    url = SqlSettings.model_validate(source.settings)
    return _SQL_SERVER if url.is_sql_server else _POSTGRESQL


def _schemas(tokens: Iterator[Token]) -> Iterator[Token]:
    """Yield the names before a dot, schemas among them."""
    for word, following in pairwise(one for one in tokens if one.sort != "comment"):
        if following.text == "." and word.sort in ("name", "word"):
            yield word


def _spelled(name: Token, spelling: _Spelling) -> str:
    """Return the name as the database looks for it."""
    if name.sort == "word":
        return spelling.bare(name.text)
    closing = name.text[-1]
    return spelling.whole(name.text[1:-1].replace(closing * 2, closing))
