"""CREATE TABLE with HANA's types, which DuckDB would mistake or not know."""

from dataclasses import dataclass

from tasks.sources import sql_text
from tasks.sources.sql_text import Token
from tests.hana_server.errors import HanaError, at, syntax
from tests.hana_server.types import HanaType, declared

_CONSTRAINTS = frozenset({"PRIMARY", "UNIQUE", "CONSTRAINT", "CHECK"})


@dataclass(frozen=True, slots=True)
class NewTable:
    """What a CREATE TABLE asks for."""

    schema: str | None
    name: str
    columns: dict[str, HanaType]
    definitions: tuple[str, ...]
    """Columns and constraints as DuckDB writes them."""

    def statements(self, schema: str) -> list[str]:
        """DuckDB's statements; each column's comment keeps the type that it was declared with."""
        table = f'"{self.schema or schema}"."{self.name}"'
        comments = [
            f"COMMENT ON COLUMN {table}.\"{name}\" IS '{_told(kind)}'"
            for name, kind in self.columns.items()
        ]
        return [f"CREATE TABLE {table} ({', '.join(self.definitions)})", *comments]


def parse(sql: str) -> NewTable | None:
    """Read a CREATE TABLE with columns; None where the statement is none."""
    words = sql_text.spoken(sql)
    start = next((i for i, word in enumerate(words[:5]) if word.is_word("TABLE")), None)
    opening = next((i for i, word in enumerate(words) if word.text == "("), None)
    if start is None or opening is None or any(w.is_word("AS") for w in words[start:opening]):
        return None
    names = [_name(word) for word in words[start + 1 : opening] if word.text != "."]
    columns: dict[str, HanaType] = {}
    definitions = [_definition(sql, each, columns) for each in _split(sql, words, opening)]
    return NewTable(names[0] if len(names) > 1 else None, names[-1], columns, tuple(definitions))


def _split(sql: str, words: list[Token], opening: int) -> list[list[Token]]:
    """The pieces between the commas of the outer parentheses."""
    pieces: list[list[Token]] = [[]]
    depth = 0
    for word in words[opening:]:
        depth += {"(": 1, ")": -1}.get(word.text, 0)
        if depth == 0:
            return pieces
        if depth == 1 and word.text == ",":
            pieces.append([])
        elif word is not words[opening]:
            pieces[-1].append(word)
    raise syntax(sql, words[-1].start, words[-1].text)


def _definition(sql: str, words: list[Token], columns: dict[str, HanaType]) -> str:
    if len(words) < 2:
        raise syntax(sql, words[0].start if words else 0, words[0].text if words else "")
    rest = sql[words[0].start : words[-1].end]
    if words[0].text.upper() in _CONSTRAINTS:
        return rest
    kind = declared(sql[words[1].start : words[-1].end])
    if kind is None:
        text = f"invalid datatype: {words[1].text}: {at(sql, words[1].start)}"
        raise HanaError(264, text, words[1].start + 1)
    columns[_name(words[0])] = kind
    after = _after_type(words)
    ending = sql[words[after].start : words[-1].end] if after < len(words) else ""
    return f'"{_name(words[0])}" {kind.stored} {ending}'.rstrip()


def _after_type(words: list[Token]) -> int:
    if len(words) < 3 or words[2].text != "(":
        return 2
    return next(i for i, word in enumerate(words) if word.text == ")") + 1


def _name(word: Token) -> str:
    return word.text[1:-1] if word.sort == "name" else word.text.upper()


def _told(kind: HanaType) -> str:
    if kind.is_floating or not kind.length:
        return kind.name
    return (
        f"{kind.name}({kind.length},{kind.scale})"
        if kind.name == "DECIMAL"
        else (f"{kind.name}({kind.length})")
    )
