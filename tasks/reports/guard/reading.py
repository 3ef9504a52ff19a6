"""From a text to its tree: sqlglot with HANA's words, and its errors in plain ones."""

from typing import Any, cast

from sqlglot import exp, parser
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import TokenType

from tasks.errors import mark
from tasks.reports.guard.readable import readable
from tasks.reports.guard.verdict import Fault, fault
from tasks.sources import hana_dialect
from tasks.sources.sql_text import Token

_READ_IN_THEIR_OWN_WAY = ("CAST", "EXTRACT", "JSON_TABLE", "TRIM", "XMLTABLE")
_WITHOUT_PARENTHESES = ("ANY", "CASE")
_TOO_EARLY = mark("The query ends too early, after {word}.")
_NOT_HERE = mark("{word} is not expected here.")
_NOT_SQL = mark("This cannot be read as SQL.")


class GuardedHana(Dialect):
    """HANA's SQL with every function by its own name, so that the list of names decides."""

    class Tokenizer(hana_dialect.Hana.Tokenizer):
        pass

    class Parser(hana_dialect.Hana.Parser):
        FUNCTION_PARSERS = {  # noqa: RUF012 (sqlglot's own way)
            name: parser.Parser.FUNCTION_PARSERS[name] for name in _READ_IN_THEIR_OWN_WAY
        }
        PLACEHOLDER_PARSERS = {  # noqa: RUF012
            **hana_dialect.Hana.Parser.PLACEHOLDER_PARSERS,
            TokenType.COLON: lambda self: _parameter(self),
        }
        NO_PAREN_FUNCTION_PARSERS = {  # noqa: RUF012
            name: parser.Parser.NO_PAREN_FUNCTION_PARSERS[name] for name in _WITHOUT_PARENTHESES
        }


def read(words: list[Token]) -> exp.Query | Fault:
    """Read the words as one query, or say where that ends; raises RecursionError."""
    try:
        trees = [tree for tree in GuardedHana().parse(readable(words)) if tree is not None]
    except ParseError as error:
        return _parse_fault(words, error)
    except (TokenError, ValueError):
        return fault(words[0].start, _NOT_SQL)
    tree = trees[0] if len(trees) == 1 else None
    return tree if isinstance(tree, exp.Query) else fault(words[0].start, _NOT_SQL)


def _parameter(reader: Any) -> exp.Expr | None:
    """A `:name` that remembers its offset; the name may be a word of SQL, such as `:from`."""
    start, name = reader._prev.start, reader._curr
    if name is None or (name.start, name.end) != (start + 1, start + len(name.text)):
        return None  # something between, or quotes around it
    reader._advance()
    found = cast(exp.Expr, reader.expression(exp.Placeholder(this=name.text)))
    found.meta["start"] = start
    return found


def _parse_fault(words: list[Token], error: ParseError) -> Fault:
    """sqlglot reports the last letter of a word, on the one line that it was given."""
    first = error.errors[0] if error.errors else {}
    offset = int(first.get("col") or 1) - 1
    found = next((word for word in words if word.start <= offset < word.end), words[-1])
    expected = str(first.get("description", "")).startswith(("Expect", "Requir"))
    template = _TOO_EARLY if found is words[-1] and expected else _NOT_HERE
    return fault(found.start, template, word=found.text)
