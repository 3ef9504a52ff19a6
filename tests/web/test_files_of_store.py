"""A file of a store that speaks S3 is loaded as one of this machine is: whole, or in parts."""

import hashlib
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from gunicorn.http.wsgi import FileWrapper
from werkzeug.test import TestResponse

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.keeping import remote
from tasks.keeping.stores import bring_to_store
from tasks.links import link_for
from tasks.models import Artifact, RunState
from tasks.settings import settings
from tests.support.factories import a_run
from tests.support.store import Store, store_server
from tests.web.conftest import Browser
from tests.web.runs_support import a_delivery, a_file

CONTENT = bytes(range(256)) * 100_000
"""25 MB, so that it comes from the store in several pieces."""
LAST = len(CONTENT) - 1


@pytest.fixture(scope="module")
def server() -> Iterator[Store]:
    with store_server() as store:
        yield store


@pytest.fixture
def path(client: Browser, server: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a file that lies in the store alone."""
    server.use(monkeypatch)
    run = a_run(state=RunState.SUCCEEDED)
    file, delivery = a_file(run, "Satış.csv", content=CONTENT), a_delivery(run)
    file.sha256 = hashlib.sha256(CONTENT).hexdigest()
    bring_to_store([file])
    with transaction() as session:
        kept = session.get_one(Artifact, file.id)
        kept.store, kept.sha256 = file.store, file.sha256
    shutil.rmtree(settings().artifacts_dir)
    yield f"/files/{link_for(delivery.id, now=utcnow()).rsplit('/', 1)[1]}/{file.id}"
    remote._connected.cache_clear()


def loaded(client: Browser, path: str, **headers: str) -> TestResponse:
    """Ask for the file as gunicorn would have it asked."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = {"wsgi.file_wrapper": FileWrapper}
    return client.get(path, headers=given, environ_overrides=environ, buffered=True)


def test_it_is_loaded_whole_and_says_that_parts_can_be_asked_for(
    client: Browser, path: str
) -> None:
    answer = loaded(client, path)
    assert (answer.status_code, answer.content_length) == (200, len(CONTENT))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.data == CONTENT


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-9", 0, 9),
        ("bytes=12345678-", 12_345_678, LAST),
        ("bytes=-10", LAST - 9, LAST),
        ("bytes=7999990-8000010", 7_999_990, 8_000_010),
        (f"bytes={LAST}-99999999999", LAST, LAST),
    ],
)
def test_a_load_that_broke_off_goes_on_where_it_was(
    client: Browser, path: str, part: str, first: int, last: int
) -> None:
    answer = loaded(client, path, Range=part)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer.content_length == last - first + 1
    assert answer.data == CONTENT[first : last + 1]


def test_what_lies_before_the_wanted_part_is_not_read(
    client: Browser, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    readinto = remote._Coming.readinto

    def counted(coming: remote._Coming, room: Any) -> int:
        read.append(readinto(coming, room))
        return read[-1]

    monkeypatch.setattr(remote._Coming, "readinto", counted)
    assert loaded(client, path, Range="bytes=-10").data == CONTENT[-10:]
    assert sum(read) == 10


@pytest.mark.parametrize("part", ["bytes=99999999-", "bytes=0-1,5-6", "bytes=9-1", "lines=1-2"])
def test_a_part_that_cannot_be_is_refused(client: Browser, path: str, part: str) -> None:
    assert loaded(client, path, Range=part).status_code == 416


def test_the_rest_of_another_file_is_never_put_behind_the_beginning_of_this_one(
    client: Browser, path: str
) -> None:
    other = loaded(client, path, Range="bytes=5-", If_Range='"another sum"')
    assert (other.status_code, other.content_length) == (200, len(CONTENT))
    same = loaded(
        client, path, Range="bytes=5-", If_Range=f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    )
    assert (same.status_code, same.content_length) == (206, len(CONTENT) - 5)
    unchanged = f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    assert loaded(client, path, If_None_Match=unchanged).status_code == 304
