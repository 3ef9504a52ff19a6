"""Where the files of a run lie: its artifacts, and the log of each attempt."""

import hashlib
import os
from pathlib import Path

from tasks.errors import NotFound
from tasks.jobs.registry import ReportFile
from tasks.models import Artifact
from tasks.settings import settings


def attempt_folder(run_id: int, attempt: int) -> Path:
    """The folder that an attempt writes into, one for every attempt."""
    return settings().artifacts_dir / f"{run_id // 1000:04d}" / str(run_id) / str(attempt)


def attempt_log_path(run_id: int, attempt: int) -> Path:
    """The log of one attempt; it may not exist yet."""
    return settings().logs_dir / "runs" / f"{run_id // 1000:04d}" / f"{run_id}-{attempt}.log"


def artifact_path(artifact: Artifact) -> Path:
    """The file of an artifact; raises NotFound where it is gone or lies outside of the folder."""
    root = settings().artifacts_dir.resolve()
    path = (root / artifact.path).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise NotFound("The file “{name}” is no longer there.", name=artifact.name)
    return path


def keep(file: ReportFile, *, run_id: int, attempt: int) -> Artifact:
    """Describe a finished file as an artifact; nobody sees it before the run's finish commits."""
    return Artifact(
        run_id=run_id,
        attempt=attempt,
        role=file.role,
        part=file.part,
        name=file.path.name,
        path=str(file.path.relative_to(settings().artifacts_dir)),
        media_type=file.media_type,
        bytes=file.path.stat().st_size,
        sha256=_sha256(file.path),
        rows=file.rows,
    )


def publish_file(temporary: Path, final: Path) -> None:
    """Give a written file its name so that it is whole on disk or not there at all."""
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.replace(final)
    folder = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
