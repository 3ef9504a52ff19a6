"""The guard on the command line: what it prints, and what its exit codes say."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Call

GOOD = 'SELECT "CardCode" FROM "{schema}"."OCRD" WHERE "City" = :city AND "Balance" > :least\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "report.sql"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_query_that_only_reads_exits_0_and_names_its_parameters(
    orchestrator: Call, file: Path
) -> None:
    result = orchestrator("check-sql", str(file))
    assert result.exit_code == 0
    assert result.output == f"{file}: one query that only reads. Parameters: city, least.\n"


def test_json_is_what_scripts_were_promised(orchestrator: Call, file: Path) -> None:
    result = orchestrator("check-sql", str(file), "--json")
    assert json.loads(result.output) == {
        "ok": True, "problems": [], "parameters": ["city", "least"],
    }  # fmt: skip


def test_a_refused_text_exits_1_with_each_place(orchestrator: Call, file: Path) -> None:
    file.write_text("SELECT 1\nFROM DUMMY;\nDROP TABLE OCRD", encoding="utf-8")
    result = orchestrator("check-sql", str(file))
    assert result.exit_code == 1
    assert [line.partition(" ")[0] for line in result.output.splitlines()] == [
        f"{file}:2:11:", f"{file}:3:1:",
    ]  # fmt: skip
    told = json.loads(orchestrator("check-sql", str(file), "--json").output)
    assert told["ok"] is False
    assert told["problems"][1] == {
        "line": 3,
        "column": 1,
        "message": "DROP changes the database itself, and a report only reads. Write a SELECT.",
    }


def test_a_text_that_is_piped_in_is_read(orchestrator: Call) -> None:
    assert orchestrator("check-sql", "-", typed="SELECT 1 FROM DUMMY").exit_code == 0
    assert orchestrator("check-sql", "-", typed="DELETE FROM OCRD").exit_code == 1


def test_with_parameters_the_query_must_have_just_these(orchestrator: Call, file: Path) -> None:
    both = ["--param", "city=İzmir", "--param", "least=5"]
    assert orchestrator("check-sql", str(file), *both).exit_code == 0
    assert orchestrator("check-sql", str(file), *both, "-p", "schema=SBODEMOTR").exit_code == 0
    missing = orchestrator("check-sql", str(file), *both[:2])
    assert missing.exit_code == 1
    assert "The parameter :least is not defined" in missing.output
    unused = orchestrator("check-sql", str(file), *both, "--param", "town=x")
    assert unused.exit_code == 2
    assert "The query has no parameter “town”. It has: city, least, schema." in unused.output


def test_a_value_never_becomes_part_of_what_is_checked(orchestrator: Call, file: Path) -> None:
    hostile = ["-p", "city='; DROP TABLE OCRD; --", "-p", "least=0"]
    assert orchestrator("check-sql", str(file), *hostile).exit_code == 0


def test_bad_input_exits_2(orchestrator: Call, file: Path) -> None:
    assert orchestrator("check-sql", str(file.with_name("none.sql"))).exit_code == 2
    assert orchestrator("check-sql", str(file), "--param", "city").exit_code == 2
    file.write_bytes(b"SELECT '\xfc' FROM DUMMY")
    told = orchestrator("check-sql", str(file))
    assert told.exit_code == 2
    assert "is not UTF-8 text" in told.output


def test_a_file_from_windows_is_read_as_it_was_meant(orchestrator: Call, file: Path) -> None:
    file.write_bytes("\ufeffSELECT 1\r\nFROM DUMMY\r\nWHERE FOO(1) = 1".encode())
    told = orchestrator("check-sql", str(file))
    assert f"{file}:3:7: The function FOO" in told.output
