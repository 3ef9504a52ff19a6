"""HANA's SQL for sqlglot, which has no dialect of it: one query in, its tree out.

The reader knows no function by name: each stays what the author wrote, so that the rewrite alone
decides what it means. Offsets in the tree are offsets in the author's text, because whatever
sqlglot cannot read is blanked out, never cut out.
"""

from itertools import pairwise
from typing import Any, cast

from sqlglot import exp, parser, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import TokenType

from tasks.sources import business_one_marks, hana_grammar, sql_text
from tasks.sources.schema_name import with_stand_in
from tasks.sources.sql_text import SqlError, Token

_FOREIGN = (exp.Array, exp.Bracket, exp.Dot, exp.Pivot, exp.Struct, exp.TableSample, exp.Unnest)
"""What sqlglot reads for other databases and HANA does not know."""


class Hana(Dialect):
    """What this product's reports use of HANA's SQL."""

    class Tokenizer(tokens.Tokenizer):
        QUOTES = ["'"]  # noqa: RUF012 (sqlglot's own way)
        IDENTIFIERS = ['"']  # noqa: RUF012
        KEYWORDS = {  # noqa: RUF012
            **tokens.Tokenizer.KEYWORDS,
            "TOP": TokenType.TOP,
            "LIKE_REGEXPR": TokenType.RLIKE,
            "MINUS": TokenType.EXCEPT,
        }

    class Parser(parser.Parser):
        FUNCTIONS = {}  # noqa: RUF012
        FUNCTION_PARSERS = {
            name: parse
            for name, parse in parser.Parser.FUNCTION_PARSERS.items()
            if name in ("CAST", "EXTRACT", "TRIM")
        } | {name: hana_grammar.pattern_reader(name) for name in hana_grammar.PATTERNS}
        RANGE_PARSERS = {  # noqa: RUF012
            **parser.Parser.RANGE_PARSERS,
            TokenType.RLIKE: hana_grammar.read_like,
        }
        PLACEHOLDER_PARSERS = {  # noqa: RUF012
            **parser.Parser.PLACEHOLDER_PARSERS,
            TokenType.PLACEHOLDER: lambda self: _placeholder(self),
        }


def parse(sql: str) -> exp.Query:
    """Read one query; raises SqlError with the place where it is not HANA's SQL."""
    words = sql_text.spoken(sql)
    _refuse_what_no_parser_reads(sql, words)
    readable = with_stand_in(_without_hints(sql, words))
    try:
        trees = [tree for tree in Hana().parse(readable) if tree is not None]
    except ParseError as error:
        raise _parse_error(sql, words, error) from error
    except TokenError as error:
        raise SqlError(
            "Line {line}, column {column}: this cannot be read as SQL.",
            sql=sql,
            start=words[0].start,
        ) from error
    except RecursionError as error:
        raise SqlError(
            "Line {line}, column {column}: the query is nested too deeply; split it with WITH.",
            sql=sql,
            start=words[0].start,
        ) from error
    return _one_query(sql, words, trees)


def start_of(node: exp.Expr) -> int:
    """The offset in the author's text of the first named piece of a node."""
    starts = [n.meta["start"] for n in node.walk() if "start" in n.meta]
    return int(min(starts, default=0))


def _placeholder(reader: Any) -> exp.Placeholder:
    """A `?` that remembers its offset: TOP ? is written last in DuckDB's SQL but bound first."""
    placeholder = cast(exp.Placeholder, reader.expression(exp.Placeholder()))
    placeholder.meta["start"] = reader._prev.start
    return placeholder


def _refuse_what_no_parser_reads(sql: str, words: list[Token]) -> None:
    if not words:
        raise SqlError("Line {line}, column {column}: there is no query.", sql=sql, start=0)
    first = next((word for word in words if word.text != "("), words[0])
    if not (first.is_word("SELECT") or first.is_word("WITH")):
        raise SqlError(
            "Line {line}, column {column}: only a query that begins with SELECT or WITH is"
            " allowed; this begins with {word}.",
            sql=sql,
            start=first.start,
            word=first.text,
        )
    business_one_marks.refuse(sql, words)
    for token, following in pairwise([*words, words[-1]]):
        _refuse(sql, token)
        if token.text == "," and (following.is_word("FROM") or following.text in ",)"):
            raise SqlError(
                "Line {line}, column {column}: nothing follows this comma.",
                sql=sql,
                start=token.start,
            )


def _refuse(sql: str, token: Token) -> None:
    if token.sort in ("text", "name") and (len(token.text) == 1 or token.text[-1] != token.text[0]):
        raise SqlError(
            "Line {line}, column {column}: the quote that opens here is never closed.",
            sql=sql,
            start=token.start,
        )


def _without_hints(sql: str, words: list[Token]) -> str:
    """Blank out every WITH HINT (…): it changes how HANA works, not what it answers."""
    for i, word in enumerate(words[:-2]):
        if word.is_word("WITH") and words[i + 1].is_word("HINT") and words[i + 2].text == "(":
            end = _closing(words, i + 2)
            sql = sql[: word.start] + " " * (end - word.start) + sql[end:]
    return sql


def _closing(words: list[Token], opening: int) -> int:
    """The offset behind the parenthesis that closes the one at `opening`."""
    depth = 0
    for word in words[opening:]:
        depth += {"(": 1, ")": -1}.get(word.text, 0)
        if depth == 0:
            return word.end
    return words[-1].end


def _one_query(sql: str, words: list[Token], trees: list[exp.Expr]) -> exp.Query:
    if len(trees) > 1:
        second = next((w for w in words if w.text == ";"), words[0])
        raise SqlError(
            "Line {line}, column {column}: only one query is allowed; remove what follows the ;.",
            sql=sql,
            start=second.start,
        )
    tree = trees[0]
    if not isinstance(tree, exp.Query) or tree.find(exp.Into, exp.Lock, exp.DML, exp.Command):
        raise SqlError(
            "Line {line}, column {column}: only a query that reads is allowed.",
            sql=sql,
            start=words[0].start,
        )
    if foreign := tree.find(*_FOREIGN, exp.Values, exp.Lambda):
        raise SqlError(
            "Line {line}, column {column}: this is not HANA's SQL.",
            sql=sql,
            start=start_of(foreign) or words[0].start,
        )
    hana_grammar.series_as_subqueries(tree)
    return tree


def _parse_error(sql: str, words: list[Token], error: ParseError) -> SqlError:
    """Say in plain words where sqlglot stopped; it reports the last character of a token."""
    first = error.errors[0] if error.errors else {}
    lines = sql.split("\n")
    line = int(first.get("line") or 1)
    offset = sum(len(text) + 1 for text in lines[: line - 1]) + int(first.get("col") or 1) - 1
    found = next((w for w in words if w.start <= offset < w.end), words[-1])
    if found is words[-1] and str(first.get("description", "")).startswith(("Expect", "Requir")):
        return SqlError(
            "Line {line}, column {column}: the query ends too early, after {word}.",
            sql=sql,
            start=found.start,
            word=found.text,
        )
    return SqlError(
        "Line {line}, column {column}: {word} is not expected here.",
        sql=sql,
        start=found.start,
        word=found.text,
    )
