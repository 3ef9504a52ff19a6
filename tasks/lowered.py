"""Small letters in our own database, the same whatever language the database was made for."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class lowered(FunctionElement[str]):  # noqa: N801 (reads as the SQL function it is)
    """A mail address in small letters, as Python's `lower()` writes it.

    `lower()` of a PostgreSQL made for Turkish says “ınfo@…” of “INFO@…”, so whoever has asked for
    no more mails would get them.
    """

    type = String()
    inherit_cache = True


@compiles(lowered, "sqlite")
def _sqlite(element: lowered, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(lowered, "postgresql")
def _postgresql(element: lowered, compiler: SQLCompiler, **options: Any) -> str:
    return f'lower(({compiler.process(element.clauses, **options)}) COLLATE "C")'
