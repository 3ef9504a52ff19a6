"""HANA's types, how they are declared, and which of DuckDB's stands for each."""

import re
from dataclasses import dataclass

from tests.hana_server.codes import TypeCode

_DECLARED = re.compile(r"\s*(\w+)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?")
_FLOATING = 0x7FFF
"""The scale of a DECIMAL that was declared without one."""

_CODES = {
    "TINYINT": TypeCode.TINYINT,
    "SMALLINT": TypeCode.SMALLINT,
    "INTEGER": TypeCode.INTEGER,
    "BIGINT": TypeCode.BIGINT,
    "REAL": TypeCode.REAL,
    "DOUBLE": TypeCode.DOUBLE,
    "BOOLEAN": TypeCode.BOOLEAN,
    "VARCHAR": TypeCode.VARCHAR,
    "NVARCHAR": TypeCode.NVARCHAR,
    "VARBINARY": TypeCode.VARBINARY,
    "DATE": TypeCode.DAYDATE,
    "TIME": TypeCode.SECONDTIME,
    "SECONDDATE": TypeCode.SECONDDATE,
    "TIMESTAMP": TypeCode.LONGDATE,
    "CLOB": TypeCode.CLOB,
    "NCLOB": TypeCode.NCLOB,
    "BLOB": TypeCode.BLOB,
}
_OTHER_NAMES = {"INT": "INTEGER", "DEC": "DECIMAL", "FLOAT": "DOUBLE", "SHORTTEXT": "NVARCHAR"}
_LENGTHS = {"VARCHAR": 5000, "NVARCHAR": 5000, "VARBINARY": 5000}
_STORED = {
    "TINYINT": "UTINYINT",
    "NVARCHAR": "VARCHAR",
    "NCLOB": "VARCHAR",
    "CLOB": "VARCHAR",
    "VARBINARY": "BLOB",
    "SECONDDATE": "TIMESTAMP",
}
_SHOWN = {
    "VARCHAR": "NVARCHAR(5000)",
    "BLOB": "VARBINARY(5000)",
    "FLOAT": "REAL",
    "HUGEINT": "BIGINT",
    "UHUGEINT": "BIGINT",
    "UBIGINT": "BIGINT",
    "UINTEGER": "BIGINT",
    "USMALLINT": "INTEGER",
    "UTINYINT": "TINYINT",
    "TIMESTAMP_S": "SECONDDATE",
}


@dataclass(frozen=True, slots=True)
class HanaType:
    """One type; `name` is what SYS.TABLE_COLUMNS calls it."""

    code: TypeCode
    name: str
    length: int = 0
    scale: int = 0

    @property
    def is_floating(self) -> bool:
        """Whether each value has a scale of its own."""
        return self.code is TypeCode.DECIMAL

    @property
    def stored(self) -> str:
        """DuckDB's type for its values."""
        if self.is_floating:
            return "DECIMAL(38, 10)"
        if self.name == "DECIMAL":
            return f"DECIMAL({self.length}, {self.scale})"
        return _STORED.get(self.name, self.name)


def declared(text: str) -> HanaType | None:
    """Read a type as a CREATE TABLE names it; None where HANA has no such type."""
    match = _DECLARED.match(text)
    name = match[1].upper() if match else ""
    name = _OTHER_NAMES.get(name, name)
    if match and name in ("DECIMAL", "SMALLDECIMAL"):
        return _decimal(match)
    if match is None or name not in _CODES:
        return None
    return HanaType(_CODES[name], name, int(match[2] or _LENGTHS.get(name, 0)))


def of_duckdb(text: str) -> HanaType:
    """The type in which a column of DuckDB is shown; NVARCHAR where HANA has none like it."""
    if text.startswith("TIMESTAMP"):
        text = "TIMESTAMP"
    shown = _SHOWN.get(text, text)
    return (declared(shown) if _DECLARED.fullmatch(shown) else None) or TEXT


def _decimal(match: re.Match[str]) -> HanaType:
    if match[2] is None:
        small = match[1].upper() == "SMALLDECIMAL"
        return HanaType(TypeCode.DECIMAL, "DECIMAL", 16 if small else 34, _FLOATING)
    precision, scale = int(match[2]), int(match[3] or 0)
    wide = TypeCode.FIXED12 if precision <= 28 else TypeCode.FIXED16
    code = TypeCode.FIXED8 if precision <= 18 else wide
    return HanaType(code, "DECIMAL", precision, scale)


TEXT = HanaType(TypeCode.NVARCHAR, "NVARCHAR", 5000)
