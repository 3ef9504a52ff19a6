"""Downloading the files of a run."""

from pathlib import Path

import pytest

from tasks.database_copy import SQLITE_COPY
from tasks.models import Role, RunState
from tests.support.factories import a_run
from tests.web.conftest import Browser, LoginAs
from tests.web.runs_support import a_file


def test_a_file_comes_as_a_download_under_its_own_name(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    artifact = a_file(run, "Satış ığüş.csv", content=b"a;b\n1;2\n")
    answer = viewer.get(f"/runs/{run.id}/files/{artifact.id}", buffered=True)
    assert answer.status_code == 200
    assert answer.data == b"a;b\n1;2\n"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment")
    assert "filename*=UTF-8''Sat%C4%B1%C5%9F" in disposition
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_among_the_files_is_not_shown_by_the_browser(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    artifact = a_file(run, "x.html", content=b"<script>", media_type="text/html")
    answer = viewer.get(f"/runs/{run.id}/files/{artifact.id}", buffered=True)
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("path", ["../secret.txt", "../../etc/passwd", "/etc/passwd"])
def test_nothing_outside_of_the_folder_of_files_is_sent(
    viewer: Browser, home: Path, path: str
) -> None:
    (home / "secret.txt").write_text("secret")
    run = a_run(state=RunState.SUCCEEDED)
    artifact = a_file(run, path=path)
    assert viewer.get(f"/runs/{run.id}/files/{artifact.id}", buffered=True).status_code == 404


def test_a_link_out_of_the_folder_is_not_followed(viewer: Browser, home: Path) -> None:
    (home / "secret.txt").write_text("secret")
    run = a_run(state=RunState.SUCCEEDED)
    artifact = a_file(run)
    (home / "artifacts" / "link").symlink_to(home / "secret.txt")
    other = a_file(run, "other.csv", path="link")
    assert viewer.get(f"/runs/{run.id}/files/{artifact.id}", buffered=True).status_code == 200
    assert viewer.get(f"/runs/{run.id}/files/{other.id}").status_code == 404


def test_a_file_of_another_run_or_attempt_is_not_found(viewer: Browser) -> None:
    run, other = a_run(state=RunState.SUCCEEDED), a_run(state=RunState.SUCCEEDED)
    artifact = a_file(run)
    assert viewer.get(f"/runs/{other.id}/files/{artifact.id}").status_code == 404
    half = a_file(a_run(state=RunState.FAILED))
    assert viewer.get(f"/runs/{half.run_id}/files/{half.id}").status_code == 404
    earlier = a_file(run, "earlier.csv", attempt=0)
    assert viewer.get(f"/runs/{run.id}/files/{earlier.id}").status_code == 404


@pytest.mark.parametrize("role", Role)
def test_a_backup_is_loaded_by_administrators_only(login_as: LoginAs, role: Role) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    artifact = a_file(run, "copy.sqlite", media_type=SQLITE_COPY)
    answer = login_as(role).get(f"/runs/{run.id}/files/{artifact.id}", buffered=True)
    assert answer.status_code == (200 if role is Role.ADMIN else 403)


def test_a_guest_gets_no_file(client: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    assert client.get(f"/runs/{run.id}/files/{a_file(run).id}").status_code == 302
