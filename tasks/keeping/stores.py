"""Where the bytes of artifacts lie: in the folder of artifacts, or in the installation's store.

An attempt writes into the folder. With a store, its finished files are brought there before its
end is recorded, and leave the folder after it.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO

from tasks.keeping import remote
from tasks.models import Artifact, ArtifactStore
from tasks.runs.files import artifact_path
from tasks.settings import settings

PIECE = 1_000_000
"""Bytes that are held at a time."""
COPY = "copy-"
"""How the folders begin that hold a file of the store for as long as it is read."""


@contextmanager
def opened(artifact: Artifact) -> Iterator[BinaryIO]:
    """Open the file of an artifact; raises NotFound where it is gone, StoreAway for now."""
    with open_artifact(artifact) as file:
        yield file


def open_artifact(artifact: Artifact) -> BinaryIO:
    """Open the file for a caller that closes it; raises NotFound and StoreAway."""
    if artifact.store is ArtifactStore.REMOTE:
        return remote.opened(artifact.path, name=artifact.name)
    return artifact_path(artifact).open("rb")


def content_of(artifact: Artifact) -> bytes:
    """Return the whole file, as a mail needs it; raises NotFound and StoreAway."""
    with opened(artifact) as file:
        return file.read()


@contextmanager
def as_path(artifact: Artifact) -> Iterator[Path]:
    """Give the file as one on this machine, for readers that need its path, while the block runs.

    Raises NotFound and StoreAway.
    """
    if artifact.store is ArtifactStore.HOME:
        yield artifact_path(artifact)
        return
    settings().artifacts_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings().artifacts_dir, prefix=COPY) as folder:
        copy = Path(folder) / "file"
        with opened(artifact) as source, copy.open("wb") as target:
            copyfileobj(source, target, PIECE)
        yield copy


def bring_to_store(artifacts: Sequence[Artifact]) -> None:
    """Bring finished files to the store, where there is one, and look that they are the same.

    Raises StoreAway.
    """
    if not remote.is_there():
        return
    for artifact in artifacts:
        remote.put(artifact_path(artifact), artifact.path, sha256=artifact.sha256)
        artifact.store = ArtifactStore.REMOTE


def place_of(artifact: Artifact) -> str:
    """Return in words of an address where the file lies."""
    if artifact.store is ArtifactStore.REMOTE:
        return f"{settings().artifacts_url.rstrip('/')}/{artifact.path}"
    return str(settings().artifacts_dir / artifact.path)


def delete_file(artifact: Artifact) -> None:
    """Delete the file of an artifact, wherever it lies; one that is gone already is no error."""
    if artifact.store is ArtifactStore.REMOTE:
        remote.delete(artifact.path)
    else:
        (settings().artifacts_dir / artifact.path).unlink(missing_ok=True)
