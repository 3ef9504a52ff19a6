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

from sqlalchemy import exists, select

from tasks.db import reading
from tasks.models import IS_RUNNING, Artifact, Run
from tasks.runs.files import attempt_folder
from tasks.settings import settings

log = getLogger(__name__)

AT_ONCE = 500


def delete_leftovers(run_id: int, attempt: int) -> None:
    """Delete the folder of an attempt that has ended, unless an artifact tells of its files.

    One that succeeded without hearing so, since the line broke, keeps what it made. Whoever was
    fenced and still writes finds its folder gone, and its end counts for nothing anyway.
    """
    folder = attempt_folder(run_id, attempt)
    if not folder.exists():
        return
    of_the_attempt = exists().where(Artifact.run_id == run_id, Artifact.attempt == attempt)
    with reading() as session:
        told = session.scalar(select(of_the_attempt))
    if not told:
        _delete(folder)


def delete_stray_folders(*, before: datetime) -> Iterator[int]:
    """Delete what nobody else did and nothing has changed since; yields how many files, by folder.

    What an artifact tells of stays, and what an attempt at work may still need.
    """
    old = _old_folders(before)
    while batch := list(islice(old, AT_ONCE)):
        needed = _needed([run_id for run_id, _ in batch])
        for run_id, attempt in batch:
            if (run_id, attempt) not in needed:
                folder = attempt_folder(run_id, attempt)
                count = sum(path.is_file() for path in folder.rglob("*"))
                _delete(folder)
                yield count


def _old_folders(before: datetime) -> Iterator[tuple[int, int]]:
    """Yield the run and the number of each attempt whose folder was last changed before."""
    for folder in settings().artifacts_dir.glob("*/*/*"):
        names = (folder.parent.name, folder.name)
        if not all(name.isdecimal() for name in names):
            continue
        try:
            changed = folder.stat().st_mtime
        except FileNotFoundError:  # somebody else cleans up too
            continue
        if changed < before.timestamp():
            yield int(names[0]), int(names[1])


def _needed(run_ids: Sequence[int]) -> set[tuple[int, int]]:
    named = select(Artifact.run_id, Artifact.attempt).where(Artifact.run_id.in_(run_ids))
    at_work = select(Run.id, Run.attempt).where(Run.id.in_(run_ids), IS_RUNNING)
    with reading() as session:
        living = {(run_id, attempt) for run_id, attempt in session.execute(at_work)}
        return living | {(run_id, attempt) for run_id, attempt in session.execute(named)}


def _delete(folder: Path) -> None:
    """Delete a folder as far as that is possible; what stays, the clean-up meets again."""
    shutil.rmtree(folder, onerror=_tell)


def _tell(_function: object, path: str, error: tuple[object, BaseException, object]) -> None:
    log.warning("leftover stays", extra={"file": path, "why": str(error[1])})
