"""What attempts leave behind that did not succeed: their logs stay, their files go.

An attempt deletes its own at its end, the reaper those of one that died, and the clean-up whatever
is left by somebody who stopped in between.
"""

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from logging import getLogger
from pathlib import Path

from sqlalchemy import ColumnElement, exists, select

from tasks.db import reading
from tasks.keeping import remote
from tasks.keeping.errors import StoreAway
from tasks.keeping.stores import COPY
from tasks.models import IS_RUNNING, Artifact, ArtifactStore, Run
from tasks.runs.files import attempt_folder
from tasks.settings import settings

log = getLogger(__name__)

AT_ONCE = 500
KEY_PARTS = 4
"""Thousands of runs, run, attempt, name."""


def delete_leftovers(run_id: int, attempt: int, *, in_store: bool = False) -> None:
    """Delete the folder of an attempt that has ended, unless an artifact tells of its files.

    One that succeeded without hearing so, since the line broke, keeps what it made. Whoever was
    fenced and still writes finds its folder gone, and its end counts for nothing anyway.
    What it has brought to the store goes with `in_store`; the others leave that to the clean-up,
    since a store that is away would hold them up.
    """
    folder = attempt_folder(run_id, attempt)
    in_store = in_store and remote.is_there()
    if not (folder.exists() or in_store):
        return
    of_the_attempt = exists().where(Artifact.run_id == run_id, Artifact.attempt == attempt)
    with reading() as session:
        told = session.scalar(select(of_the_attempt))
    if told:
        return
    if in_store:
        _delete_in_store(folder)
    if folder.exists():
        _delete(folder)


def delete_copies(run_id: int, attempt: int) -> None:
    """Delete the folder of an attempt whose files lie in the store and are told of."""
    folder = attempt_folder(run_id, attempt)
    if folder.exists():
        _delete(folder)


def delete_stray_folders(*, before: datetime) -> Iterator[int]:
    """Delete what nobody else did and nothing has changed since; yields how many files, by folder.

    What an artifact tells of stays, and what an attempt at work may still need. Copies of files of
    the store go whose reader died.
    """
    old = _old_folders(before)
    while batch := list(islice(old, AT_ONCE)):
        needed = _needed([run_id for run_id, _ in batch])
        for run_id, attempt in batch:
            if (run_id, attempt) not in needed:
                folder = attempt_folder(run_id, attempt)
                yield _deleted(folder)
    for copies in settings().artifacts_dir.glob(f"{COPY}*"):
        if _was_changed_before(copies, before):
            yield _deleted(copies)


def delete_stray_in_store(*, before: datetime) -> Iterator[int]:
    """Delete what lies in the store, was written before, and no artifact tells of; yields 1 each.

    Raises StoreAway.
    """
    for group in remote.folders() if remote.is_there() else ():
        old = {key: _attempt_of(key) for key in remote.files_below(group, before=before)}
        run_ids = sorted({whose[0] for whose in old.values() if whose})
        needed = _at_work(run_ids) | _told_of(run_ids)
        for key, whose in old.items():
            if whose is not None and whose not in needed:
                remote.delete(key)
                yield 1


def _attempt_of(key: str) -> tuple[int, int] | None:
    """Return the run and the attempt that a key names; None for what is not ours."""
    parts = key.split("/")
    ours = len(parts) == KEY_PARTS and all(part.isdecimal() for part in parts[:-1])
    return (int(parts[1]), int(parts[2])) if ours else None


def _old_folders(before: datetime) -> Iterator[tuple[int, int]]:
    """Yield the run and the number of each attempt whose folder was last changed before."""
    for folder in settings().artifacts_dir.glob("*/*/*"):
        names = (folder.parent.name, folder.name)
        if not all(name.isdecimal() for name in names):
            continue
        if _was_changed_before(folder, before):
            yield int(names[0]), int(names[1])


def _was_changed_before(folder: Path, before: datetime) -> bool:
    try:
        return folder.stat().st_mtime < before.timestamp()
    except FileNotFoundError:  # somebody else cleans up too
        return False


def _needed(run_ids: Sequence[int]) -> set[tuple[int, int]]:
    return _at_work(run_ids) | _told_of(run_ids, Artifact.store == ArtifactStore.HOME)


def _told_of(run_ids: Sequence[int], *which: ColumnElement[bool]) -> set[tuple[int, int]]:
    named = select(Artifact.run_id, Artifact.attempt).where(Artifact.run_id.in_(run_ids), *which)
    with reading() as session:
        return {(run_id, attempt) for run_id, attempt in session.execute(named)}


def _at_work(run_ids: Sequence[int]) -> set[tuple[int, int]]:
    at_work = select(Run.id, Run.attempt).where(Run.id.in_(run_ids), IS_RUNNING)
    with reading() as session:
        return {(run_id, attempt) for run_id, attempt in session.execute(at_work)}


def _delete_in_store(folder: Path) -> None:
    key = folder.relative_to(settings().artifacts_dir).as_posix()
    try:
        remote.delete(key)
    except StoreAway as error:
        log.warning("leftover stays in the store", extra={"key": key, "why": error.message})


def _deleted(folder: Path) -> int:
    """Delete a folder; returns how many files it had."""
    count = sum(path.is_file() for path in folder.rglob("*"))
    _delete(folder)
    return count


def _delete(folder: Path) -> None:
    """Delete a folder as far as that is possible; what stays, the clean-up meets again."""
    shutil.rmtree(folder, onerror=_tell)


def _tell(_function: object, path: str, error: tuple[object, BaseException, object]) -> None:
    log.warning("leftover stays", extra={"file": path, "why": str(error[1])})
