"""Files in a folder: whole, under their names, or not at all."""

import errno
import os
import resource
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tasks.channels import folder
from tasks.channels.errors import Refused, Unreachable
from tasks.channels.folder import send, try_out
from tasks.kinds import ChannelKind
from tasks.models import Channel, Delivery
from tasks.settings import settings
from tests.support.channels import a_channel, a_delivery, a_file


@pytest.fixture
def share(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that channels may use, with one of a department in it."""
    root = tmp_path / "share"
    (root / "finance").mkdir(parents=True)
    monkeypatch.setenv("ORCHESTRATOR_FOLDER_ROOTS", str(root))
    settings.cache_clear()
    return root


def channel_to(path: Path, **values: str) -> Channel:
    return a_channel(ChannelKind.FOLDER, folder=str(path), **values)


def delivery(**values: str | int) -> Delivery:
    return a_delivery(ChannelKind.FOLDER, **values)  # type: ignore[arg-type]


def names_in(path: Path) -> list[str]:
    return sorted(one.name for one in path.iterdir())


def test_the_files_arrive_byte_for_byte_and_nothing_else_stays(share: Path) -> None:
    content = os.urandom(3_000_000)
    files = [a_file("overdue.xlsx", content), a_file("overdue.csv", b"")]
    told = send(delivery(), channel_to(share / "finance"), files)
    assert names_in(share / "finance") == ["overdue.csv", "overdue.xlsx"]
    assert (share / "finance" / "overdue.xlsx").read_bytes() == content
    places = f"{share}/finance/overdue.xlsx, {share}/finance/overdue.csv"
    assert told == f"The files lie at {places}."


def test_the_pattern_of_the_task_goes_before_that_of_the_channel(share: Path) -> None:
    channel = channel_to(share, name="{date} {task}")
    send(delivery(), channel, [a_file()])
    send(delivery(name="{task} {part}", part="North"), channel, [a_file()])
    assert {"2026-03-16 overdue-receivables.xlsx", "overdue-receivables North.xlsx"} <= set(
        names_in(share)
    )


def test_a_file_of_the_same_name_is_replaced_numbered_or_kept(share: Path) -> None:
    there = share / "overdue.xlsx"
    there.write_text("older")
    send(delivery(), channel_to(share, existing="number"), [a_file(content=b"second")])
    assert (there.read_text(), (share / "overdue (2).xlsx").read_text()) == ("older", "second")
    with pytest.raises(Refused, match=r"“overdue.xlsx” is there already"):
        send(delivery(), channel_to(share, existing="refuse"), [a_file()])
    send(delivery(), channel_to(share, existing="replace"), [a_file(content=b"newer")])
    assert there.read_text() == "newer"
    assert names_in(share) == ["finance", "overdue (2).xlsx", "overdue.xlsx"]


@pytest.mark.parametrize("existing", ["number", "refuse"])
def test_a_second_try_finds_what_the_first_put_there(share: Path, existing: str) -> None:
    channel = channel_to(share, existing=existing)
    send(delivery(), channel, [a_file()])
    send(delivery(tries=2), channel, [a_file()])
    assert names_in(share) == ["finance", "overdue.xlsx"]


@pytest.mark.parametrize("what", ["link", "dangling", "folder", "pipe", "socket"])
def test_what_is_no_file_is_never_written_to(share: Path, tmp_path: Path, what: str) -> None:
    there, outside = share / "overdue.xlsx", tmp_path / "outside"
    outside.write_text("mine")
    match what:
        case "link":
            there.symlink_to(outside)
        case "dangling":
            there.symlink_to(tmp_path / "nowhere")
        case "folder":
            there.mkdir()
        case "pipe":
            os.mkfifo(there)
        case _:
            os.mknod(there, 0o140600)
    with pytest.raises(Refused, match="is there already"):
        send(delivery(), channel_to(share), [a_file()])
    with pytest.raises(Refused, match="is there already"):
        send(delivery(tries=2), channel_to(share, existing="refuse"), [a_file()])
    send(delivery(tries=2), channel_to(share, existing="number"), [a_file()])
    assert outside.read_text() == "mine"
    assert names_in(share) == ["finance", "overdue (2).xlsx", "overdue.xlsx"]
    assert not (tmp_path / "nowhere").exists()


def test_no_link_on_the_way_leads_out(share: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "in").mkdir(parents=True)
    (share / "link").symlink_to(outside)
    for path in (share / "link", share / "link" / "in"):
        with pytest.raises(Refused, match="is not a plain folder"):
            send(delivery(), channel_to(path), [a_file()])
    assert names_in(outside) == ["in"]
    assert names_in(outside / "in") == []


def test_a_folder_that_is_allowed_no_more_is_refused(
    share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = channel_to(share / "finance")
    monkeypatch.setenv("ORCHESTRATOR_FOLDER_ROOTS", str(tmp_path / "other"))
    settings.cache_clear()
    with pytest.raises(Refused, match="does not lie in one of the folders"):
        send(delivery(), channel, [a_file()])
    assert names_in(share / "finance") == []


def test_a_share_that_is_away_is_tried_again(share: Path) -> None:
    with pytest.raises(Unreachable, match=r"cannot be reached .* Is its share there"):
        send(delivery(), channel_to(share / "gone"), [a_file()])


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (errno.ENOENT, Unreachable, "cannot be reached"),
        (errno.EIO, Unreachable, "cannot be reached"),
        (errno.ESTALE, Unreachable, "cannot be reached"),
        (errno.EHOSTDOWN, Unreachable, "cannot be reached"),
        (errno.ENOSPC, Unreachable, "is full"),
        (errno.EDQUOT, Unreachable, "is full"),
        (errno.EACCES, Refused, "may not be written to"),
        (errno.EROFS, Refused, "may not be written to"),
        (errno.ENAMETOOLONG, Refused, "too long"),
    ],
)
def test_what_a_file_system_says_becomes_words(code: int, kind: type[Exception], said: str) -> None:
    found = folder._explained("/mnt/finance", OSError(code, os.strerror(code)))
    assert type(found) is kind
    assert said in str(found)
    assert "/mnt/finance" in str(found)


def test_a_file_that_is_not_what_was_made_is_not_published(share: Path) -> None:
    first, second = a_file("a.csv"), a_file("b.csv", b"made")
    (settings().artifacts_dir / second.path).write_bytes(b"changed")
    with pytest.raises(Refused, match=r"“b.csv” is not the one that was made"):
        send(delivery(), channel_to(share / "finance"), [first, second])
    assert names_in(share / "finance") == []


def test_a_full_disk_leaves_nothing(share: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    file = a_file("a.csv", b"x" * 100_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(Unreachable, match="cannot be reached"):
            send(delivery(), channel_to(share / "finance"), [file])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    assert names_in(share / "finance") == []


def test_writers_at_once_each_get_a_name_of_their_own(share: Path) -> None:
    files = [a_file("overdue.xlsx", b"x" * 200_000)] * 12
    channel = channel_to(share / "finance", existing="number")
    with ThreadPoolExecutor(12) as writers:
        told = list(writers.map(lambda one: send(delivery(), channel, [one]), files))
    assert len(set(told)) == 12
    assert len(names_in(share / "finance")) == 12
    assert all(one.stat().st_size == 200_000 for one in (share / "finance").iterdir())


def test_nobody_ever_sees_half_a_file(share: Path) -> None:
    channel, seen, done = channel_to(share / "finance"), set(), threading.Event()

    def look() -> None:
        while not done.is_set():
            for one in (share / "finance").glob("[!.]*"):
                seen.add(one.stat().st_size)

    watcher = threading.Thread(target=look)
    watcher.start()
    for _ in range(20):
        send(delivery(), channel, [a_file("overdue.xlsx", b"x" * 1_000_000)])
    done.set()
    watcher.join()
    assert seen <= {1_000_000}


def test_the_test_of_a_channel_leaves_nothing_behind(share: Path) -> None:
    assert try_out(channel_to(share / "finance")) == f"{share}/finance"
    assert names_in(share / "finance") == []
