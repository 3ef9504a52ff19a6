"""What the demo company promises to the reports that read it."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from tasks.demo import company
from tasks.sources.duckdb import DuckDBSource
from tasks.sources.duckdb_file import open_read_only
from tests.unit.demo.conftest import UNTIL

COLUMNS = (Path(__file__).parent / "columns.txt").read_text(encoding="utf-8")


def rows(source: DuckDBSource, sql: str) -> list[tuple[object, ...]]:
    with source.query(sql, ()) as result:
        return [tuple(row) for batch in result.batches() for row in batch]


def digests(path: Path) -> dict[str, str]:
    """A digest of every table's rows, whatever their order: equal rows give equal digests."""
    with open_read_only(path) as connection:
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = ? ORDER BY 1",
            [company.SCHEMA],
        ).fetchall()
        return {name: _digest(connection, name) for (name,) in tables}


def _digest(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    rows_of_it = f'FROM "{company.SCHEMA}"."{table}" one'
    found = connection.execute(
        f"SELECT md5(count(*) || ':' || sum(hash(one)::HUGEINT)) {rows_of_it}"
    ).fetchone()
    return str(found[0]) if found else ""


def test_the_same_seed_and_day_give_the_same_rows(company_file: Path, tmp_path: Path) -> None:
    company.build(tmp_path / "demo.duckdb", until=UNTIL)
    assert digests(tmp_path / "demo.duckdb") == digests(company_file)


def test_another_seed_gives_other_documents(company_file: Path, tmp_path: Path) -> None:
    company.build(tmp_path / "demo.duckdb", seed=2, until=UNTIL)
    ours, others = digests(company_file), digests(tmp_path / "demo.duckdb")
    assert ours.keys() == others.keys()
    assert all(ours[name] != others[name] for name in ("OCRD", "ORDR", "RDR1", "OINV", "JDT1"))


def test_a_file_knows_whether_it_is_current(company_file: Path, tmp_path: Path) -> None:
    assert company.is_current(company_file, until=UNTIL)
    assert not company.is_current(company_file, until=date(2026, 11, 21))
    assert not company.is_current(company_file, seed=2, until=UNTIL)
    assert not company.is_current(company_file, size=2, until=UNTIL)
    assert not company.is_current(tmp_path / "missing.duckdb", until=UNTIL)
    (tmp_path / "broken.duckdb").write_bytes(b"not a database" * 1000)
    assert not company.is_current(tmp_path / "broken.duckdb", until=UNTIL)


def test_nothing_but_the_file_is_left_behind(company_file: Path) -> None:
    assert [path.name for path in company_file.parent.iterdir()] == ["demo.duckdb"]


def test_a_build_that_fails_leaves_the_old_file(
    company_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = tmp_path / "demo.duckdb"
    old.write_bytes(b"old")
    monkeypatch.setattr("tasks.demo.plan.functions", lambda: "SELECT broken")
    with pytest.raises(Exception, match="broken"):
        company.build(old, until=UNTIL)
    assert [path.name for path in tmp_path.iterdir()] == ["demo.duckdb"]
    assert old.read_bytes() == b"old"


@pytest.mark.parametrize("line", COLUMNS.strip().splitlines())
def test_every_table_has_its_columns(source: DuckDBSource, line: str) -> None:
    table, *columns = line.split()
    wanted = ", ".join(f'"{column}"' for column in columns)
    assert rows(source, f'SELECT {wanted} FROM "{table}" LIMIT 1')


def test_the_company_has_the_size_that_was_promised(source: DuckDBSource) -> None:
    counts = {
        "SELECT COUNT(*) FROM OCRD WHERE \"CardType\" = 'C'": 400,
        "SELECT COUNT(*) FROM OCRD WHERE \"CardType\" = 'S'": 150,
        "SELECT COUNT(*) FROM OITM": 1_200,
        "SELECT COUNT(*) FROM OITB": 12,
        "SELECT COUNT(*) FROM OWHS": 6,
        'SELECT COUNT(*) FROM OSLP WHERE "SlpCode" > 0': 12,
        "SELECT COUNT(*) FROM ORDR": 20_000,
    }
    assert {sql: rows(source, sql)[0][0] for sql in counts} == counts
    (lines,) = rows(source, "SELECT COUNT(*) FROM RDR1")
    assert 55_000 < int(str(lines[0])) < 65_000


def test_there_are_documents_in_every_state(source: DuckDBSource) -> None:
    for condition in (
        "\"DocStatus\" = 'O'",
        "\"CANCELED\" = 'Y'",
        "\"DocManClsd\" = 'Y'",
        "\"DocCur\" = 'EUR'",
        "\"DocCur\" = 'USD'",
    ):
        assert rows(source, f"SELECT TOP 1 1 FROM ORDR WHERE {condition}"), condition
    assert rows(source, 'SELECT TOP 1 1 FROM RDR1 WHERE "OpenQty" > 0 AND "DelivrdQty" > 0')
    assert rows(source, 'SELECT TOP 1 1 FROM OINV WHERE "PaidToDate" > 0 AND "DocStatus" = \'O\'')


def test_nothing_happens_after_the_last_day(source: DuckDBSource) -> None:
    for table in ("ORDR", "ODLN", "OINV", "ORIN", "ORCT", "OPDN", "OPCH", "OVPM"):
        (found,) = rows(source, f'SELECT MAX("DocDate") FROM {table}')
        assert found[0] <= UNTIL, table  # type: ignore[operator]
