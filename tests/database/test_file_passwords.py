"""Excel files with a password: only who knows it reads them, wherever they lie."""

import json
from io import BytesIO
from pathlib import Path

import msoffcrypto
import openpyxl
import pytest
from click.testing import CliRunner
from msoffcrypto.exceptions import InvalidKeyError
from sqlalchemy import select

from tasks.cli.secrets import cli
from tasks.db import reading, transaction
from tasks.encryption import decrypt, encrypt, new_key
from tasks.errors import ErrorKind, JobError
from tasks.models import Artifact, TaskDefinition, TaskVersion
from tasks.reports.workbooks import passwords
from tasks.runs.files import artifact_path
from tasks.settings import settings
from tests.support.factories import a_task
from tests.support.reported import FIRST, a_report, failed, files, made, the_table

PASSWORD = "çok gizli 2026"


@pytest.fixture(autouse=True)
def _table(database: str, home: Path) -> None:
    the_table(home, FIRST)


def unlocked(file: Artifact, password: str = PASSWORD) -> openpyxl.Workbook:
    """Open a file as it lies on the disk."""
    content = BytesIO()
    with artifact_path(file).open("rb") as locked:
        office = msoffcrypto.OfficeFile(locked)
        office.load_key(password=password, verify_password=True)
        office.decrypt(content)
    return openpyxl.load_workbook(content)


def test_the_kept_file_opens_by_its_password_alone() -> None:
    (file,) = files(made(a_report(formats=["xlsx"], file_password=encrypt(PASSWORD))))
    assert "Ayşe".encode() not in artifact_path(file).read_bytes()
    assert unlocked(file).worksheets[0]["B2"].value == "Ayşe"
    with pytest.raises(InvalidKeyError):
        unlocked(file, "wrong password")
    folder = artifact_path(file).parent
    assert [one for one in folder.iterdir() if one.name.endswith((".part", ".locked"))] == []


def test_each_part_of_a_split_report_has_it_too() -> None:
    lines = ["Ayşe = ayse@example.com", "Bora = bora@example.com"]
    burst = {"column": "NAME", "address_from": "lines", "lines": lines}
    task = a_report(formats=["xlsx"], file_password=encrypt(PASSWORD), burst=burst)
    found = files(made(task))
    assert len(found) == 3
    assert all(unlocked(one).worksheets[0]["A1"].value == "CODE" for one in found)


def test_a_password_whose_key_is_gone_is_told() -> None:
    task = a_report(formats=["xlsx"], file_password=encrypt(PASSWORD)[:-4] + "AAAA")
    run = failed(task)
    assert "fits none of the keys" in (run.error or "")
    assert run.error_kind is ErrorKind.RENDER


def test_a_file_that_would_take_too_much_memory_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tmp_path / "a.xlsx"
    large.write_bytes(b"x" * 1_000_001)
    monkeypatch.setattr(passwords, "MOST_MEGABYTES", 1)
    with pytest.raises(JobError, match="more than 1 MB cannot get a password"):
        passwords.lock(large, PASSWORD)


def test_rotation_reaches_tasks_and_their_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    old = settings().all_encryption_keys[0]
    kept = encrypt(PASSWORD)
    task = a_report(formats=["xlsx"], file_password=kept)
    plain = a_task("plain", settings={"sql": 'SELECT "file_password" AS "x: gAAAA"'})
    with transaction() as session:
        session.add(
            TaskVersion(
                task_definition_id=task.id,
                version=7,
                content={"settings": {"file_password": kept, "sql": "x"}},
                changed_by="ayse",
            )
        )
    rotate_to(monkeypatch, f"{new_key()},{old}")
    with reading() as session:
        now = session.get_one(TaskDefinition, task.id).settings["file_password"]
        then = session.scalars(select(TaskVersion).where(TaskVersion.version == 7)).one()
        other = session.get_one(TaskDefinition, plain.id).settings
    assert now != kept
    monkeypatch.setenv("ORCHESTRATOR_ENCRYPTION_KEYS", settings().all_encryption_keys[0])
    settings.cache_clear()
    assert decrypt(now) == decrypt(then.content["settings"]["file_password"]) == PASSWORD
    assert then.content["settings"]["sql"] == "x"
    assert PASSWORD not in json.dumps([now, other])


def rotate_to(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ENCRYPTION_KEYS", keys)
    settings.cache_clear()
    answer = CliRunner().invoke(cli, ["rotate"])
    assert answer.exit_code == 0, answer.output
