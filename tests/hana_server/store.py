"""The tables: a copy of the demo company in DuckDB, and further companies beside it."""

import shutil
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from tasks.demo import company
from tests.hana_server import catalogue
from tests.hana_server.catalogue import Catalogue

SCRATCH = "SCRATCH"
"""A schema for tests to make tables in; emptied by each reset."""

_SYSTEM = Path(__file__).with_name("system.sql")
_LARGE_TEXTS = (("OUQR", "QString"), ("OCLG", "Notes"))
_TEXT_COLUMNS = """
SELECT table_name, column_name FROM duckdb_columns()
WHERE schema_name = ? AND data_type = 'VARCHAR' AND database_name = current_database()
"""


class Store:
    """One DuckDB file that belongs to this server alone."""

    def __init__(self, folder: Path, made: Path, *, companies: Sequence[str] = ()) -> None:
        path = folder / "hana.duckdb"
        shutil.copy(made, path)
        self._root = duckdb.connect(path, config={"threads": 1, "memory_limit": "1GB"})
        self._lock = threading.Lock()
        self._catalogue: Catalogue | None = None
        self._root.execute(_SYSTEM.read_text(encoding="utf-8"))
        for number, name in enumerate(companies, start=2):
            self._add_company(folder / f"company-{number}.duckdb", name, seed=number)
        for schema in (company.SCHEMA, *companies):
            self._tell_types(schema)
        self._root.execute("SET enable_external_access = false")

    def connection(self) -> duckdb.DuckDBPyConnection:
        """A connection with transactions of its own."""
        with self._lock:
            return self._root.cursor()

    def catalogue(self) -> Catalogue:
        """The tables that there are; read anew after a change."""
        with self._lock:
            if self._catalogue is None:
                self._catalogue = catalogue.read(self._root)
            return self._catalogue

    def changed(self) -> None:
        """Say that tables came or went."""
        with self._lock:
            self._catalogue = None

    def run(self, sql: str) -> None:
        """Run statements of DuckDB's own: how a test makes many rows at once."""
        with self._lock:
            self._root.execute(sql)
            self._catalogue = None

    def reset(self) -> None:
        """Empty the schema for tests."""
        self.run(f'DROP SCHEMA "{SCRATCH}" CASCADE; CREATE SCHEMA "{SCRATCH}"')

    def _add_company(self, path: Path, name: str, *, seed: int) -> None:
        """Another company under a schema of its own, with other rows than the first."""
        company.build(path, seed=seed, until=self._until())
        self._root.execute(f"ATTACH '{path}' AS other (READ_ONLY)")
        self._root.execute(f'CREATE SCHEMA "{name}"')
        tables = self._root.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'other'"
            " AND schema_name = ?",
            [company.SCHEMA],
        ).fetchall()
        for (table,) in tables:
            source = f'other."{company.SCHEMA}"."{table}"'
            self._root.execute(f'CREATE TABLE "{name}"."{table}" AS FROM {source}')
        self._root.execute("DETACH other")

    def _until(self) -> date:
        found = self._root.execute("SELECT until FROM demo_company").fetchone()
        assert found is not None
        until = found[0]
        assert isinstance(until, date)
        return until

    def _tell_types(self, schema: str) -> None:
        """Lengths of texts, which decide how many rows the client asks for at once."""
        for table, column in self._root.execute(_TEXT_COLUMNS, [schema]).fetchall():
            kind = "NCLOB" if (table, column) in _LARGE_TEXTS else "NVARCHAR(254)"
            self._root.execute(f'COMMENT ON COLUMN "{schema}"."{table}"."{column}" IS \'{kind}\'')
