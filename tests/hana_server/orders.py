"""Statements to the session itself rather than to its tables."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """What the session shall do, with what."""

    verb: str
    values: tuple[str, ...]


_NAME = r'("(?:[^"]|"")+"|\w+)'
_TEXT = r"'((?:[^']|'')*)'"
_PLANS = r'(?:"?SYS"?\s*\.\s*)?"?EXPLAIN_PLAN_TABLE"?'
_FORMS = (
    ("schema", rf"SET\s+SCHEMA\s+{_NAME}"),
    ("access", r"SET\s+TRANSACTION\s+(READ\s+ONLY|READ\s+WRITE)"),
    ("isolation", r"SET\s+TRANSACTION\s+ISOLATION\s+LEVEL\s+([\w ]+)"),
    ("lock_wait", r"SET\s+TRANSACTION\s+LOCK\s+WAIT\s+TIMEOUT\s+(\d+)"),
    ("set", rf"SET\s+(?:SESSION\s+)?{_TEXT}\s*=\s*{_TEXT}"),
    ("unset", rf"UNSET\s+(?:SESSION\s+)?{_TEXT}"),
    ("cancel", rf"ALTER\s+SYSTEM\s+CANCEL\s+(?:WORK\s+IN\s+)?SESSION\s+{_TEXT}"),
    ("disconnect", rf"ALTER\s+SYSTEM\s+DISCONNECT\s+SESSION\s+{_TEXT}"),
    ("explain", rf"EXPLAIN\s+PLAN\s+(?:SET\s+STATEMENT_NAME\s*=\s*{_TEXT}\s+)?FOR\s+(.+)"),
    ("forget_plan", rf"DELETE\s+FROM\s+{_PLANS}\s+WHERE\s+\"?STATEMENT_NAME\"?\s*=\s*{_TEXT}"),
    ("commit", r"COMMIT(?:\s+WORK)?"),
    ("rollback", r"ROLLBACK(?:\s+WORK)?"),
)
_PATTERNS = tuple(
    (verb, re.compile(rf"\s*{form}\s*;?\s*", re.IGNORECASE | re.DOTALL)) for verb, form in _FORMS
)


def read(sql: str) -> Order | None:
    """Read an order; None where the statement is none."""
    for verb, pattern in _PATTERNS:
        if match := pattern.fullmatch(sql):
            clean: Callable[[str], str] = _name if verb == "schema" else _plain
            return Order(verb, tuple(clean(value or "") for value in match.groups()))
    return None


def _name(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text.upper()


def _plain(text: str) -> str:
    return text.replace("''", "'")
