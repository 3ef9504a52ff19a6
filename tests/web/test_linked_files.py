"""A signed link gives the files of its delivery, and nothing else, to people without a login."""

import hashlib
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tasks.clock import utcnow
from tasks.database_copy import SQLITE_COPY
from tasks.db import reading, transaction
from tasks.keeping.stores import bring_to_store
from tasks.links import link_for
from tasks.models import Artifact, ArtifactRole, DeliveryState, Download, RunState, WebSession
from tasks.models.artifact import ArtifactStore
from tasks.settings import settings
from tests.support.factories import a_run
from tests.web.conftest import Browser
from tests.web.runs_support import a_delivery, a_file
from webui.limits import limiter

GONE = "The link is not whole, its time is over, or its files are no longer kept."


@pytest.fixture(autouse=True)
def _tried_by_nobody(app: Flask) -> None:
    with app.app_context():
        limiter.reset()


def path_of(delivery_id: int) -> str:
    return "/files/" + link_for(delivery_id, now=utcnow()).rsplit("/", 1)[1]


def downloads() -> list[Download]:
    with reading() as session:
        return list(session.scalars(select(Download).order_by(Download.id)))


def test_a_guest_sees_the_files_and_loads_one_in_the_recipients_name(client: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file, delivery = a_file(run, "balances.csv", content=b"a;b\n"), a_delivery(run)
    page = client.get(path_of(delivery.id))
    assert page.status_code == 200
    assert "balances.csv" in page.text
    assert downloads() == []  # a mail's scanner only looks
    answer = client.get(f"{path_of(delivery.id)}/{file.id}", buffered=True)
    assert (answer.status_code, answer.data) == (200, b"a;b\n")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    [noted] = downloads()
    assert (noted.actor, noted.delivery_id) == ("ayse@example.com", delivery.id)
    assert (noted.artifact_id, noted.address) == (file.id, "127.0.0.1")


def test_nobody_keeps_lists_or_passes_the_link_on(client: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file, delivery = a_file(run), a_delivery(run)
    for path in (path_of(delivery.id), f"{path_of(delivery.id)}/{file.id}", "/files/7.1.x"):
        headers = client.get(path, buffered=True).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in headers
    with reading() as session:
        assert session.scalars(select(WebSession)).all() == []


def test_only_the_files_of_its_part_and_for_people_are_there(client: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    mine, delivery = a_file(run, "mine.csv", part="West"), a_delivery(run, part="West")
    others = [
        a_file(run, "theirs.csv", part="East"),
        a_file(run, "whole.csv"),
        a_file(run, "rows.parquet", part="West", role=ArtifactRole.ROWS),
        a_file(run, "earlier.csv", part="West", attempt=0),
        a_file(run, "copy.sqlite", part="West", media_type=SQLITE_COPY),
        a_file(a_run(state=RunState.SUCCEEDED), "another.csv", part="West"),
    ]
    page = client.get(path_of(delivery.id)).text
    assert mine.name in page
    for other in others:
        assert other.name not in page
        assert client.get(f"{path_of(delivery.id)}/{other.id}").status_code == 404
    assert downloads() == []


def test_whatever_is_wrong_the_answer_is_the_same(client: Browser) -> None:
    run, half = a_run(state=RunState.SUCCEEDED), a_run(state=RunState.FAILED)
    a_file(run), a_file(half)
    there = a_delivery(run)
    wrong = [
        path_of(there.id)[:-3] + "AAA",
        path_of(987_654),
        path_of(a_delivery(half).id),
        path_of(a_delivery(run, recipient="b@b.com", state=DeliveryState.SUPPRESSED).id),
        "/files/x",
    ]
    answers = [client.get(path) for path in wrong]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, answers[0].text)}
    assert GONE in answers[0].text


def test_a_link_ends_with_its_files(client: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file, delivery = a_file(run), a_delivery(run)
    with transaction() as session:
        session.execute(delete(Artifact).where(Artifact.id == file.id))
    assert client.get(path_of(delivery.id)).status_code == 404


def test_many_tries_from_one_address_have_to_wait(client: Browser) -> None:
    answers = [client.get("/files/7.1.x").status_code for _ in range(121)]
    assert (answers[0], answers[-1]) == (404, 429)


def test_a_later_part_of_a_file_is_no_load_of_its_own(client: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file, delivery = a_file(run, content=b"0123456789"), a_delivery(run)
    path = f"{path_of(delivery.id)}/{file.id}"
    for part in ("bytes=0-3", "bytes=4-9"):
        assert client.get(path, headers={"Range": part}, buffered=True).status_code == 206
    client.head(path, buffered=True)
    assert len(downloads()) == 1


def test_who_asks_for_a_later_part_alone_is_written_down_too(client: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file, delivery = a_file(run, content=b"0123456789"), a_delivery(run)
    headers = {"Range": "bytes=1-"}
    client.get(f"{path_of(delivery.id)}/{file.id}", headers=headers, buffered=True)
    assert len(downloads()) == 1


def test_a_file_of_the_store_is_loaded_from_there_whole(
    client: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_URL", f"file://{tmp_path}/share")
    settings.cache_clear()
    run, content = a_run(state=RunState.SUCCEEDED), b"0123456789" * 100_000
    file, delivery = a_file(run, content=content), a_delivery(run)
    file.sha256 = hashlib.sha256(content).hexdigest()
    bring_to_store([file])
    with transaction() as session:
        session.get_one(Artifact, file.id).store = file.store
    shutil.rmtree(settings().artifacts_dir)
    answer = client.get(f"{path_of(delivery.id)}/{file.id}", buffered=True)
    assert (answer.status_code, answer.content_length) == (200, len(content))
    assert answer.data == content
    assert len(downloads()) == 1


def test_a_store_that_is_away_is_said_and_counts_as_no_load(
    client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file, delivery = a_file(run, store=ArtifactStore.REMOTE), a_delivery(run)
    answer = client.get(f"{path_of(delivery.id)}/{file.id}")
    assert answer.status_code == 502
    assert downloads() == []
