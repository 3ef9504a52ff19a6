"""The store that the installation names: a bucket that speaks S3, or a folder of a share.

Nothing of it is loaded where no store is named.
"""

import errno
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from logging import getLogger
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from tasks.errors import NotFound
from tasks.keeping.errors import StoreAway
from tasks.settings import settings

log = getLogger(__name__)

PART = 8_000_000
"""Bytes that are sent or read ahead at a time, so the memory that a file needs; S3 takes from 5."""
READ_AT_ONCE = 262_144
CONNECT_SECONDS = 5
ANSWER_SECONDS = 30
TRIES = 2
NO_FLUSH = (errno.EINVAL, errno.EBADF, errno.ENOTSUP)
"""How a share says that a folder cannot be flushed."""


def is_there() -> bool:
    """Whether the installation names a store."""
    return bool(settings().artifacts_url)


def put(path: Path, key: str, *, sha256: str) -> None:
    """Bring a file to the store and read it back; raises StoreAway, also where it came out other.

    It is read back since a store may take a file and keep another.
    """
    with _explained(), path.open("rb") as source:
        _make_folder(key)
        with _files().open(_place(key), "wb", block_size=PART) as target:
            copyfileobj(source, target, PART)
        _flush(key)
    found = hashlib.sha256()
    with _explained(), _opened(key) as back:
        while piece := back.read(PART):
            found.update(piece)
    if found.hexdigest() != sha256:
        raise StoreAway(
            "The store of files keeps “{name}” otherwise than it was sent. Look at the store.",
            name=path.name,
        )


def opened(key: str, *, name: str) -> BinaryIO:
    """Open a file of the store; raises NotFound where it is gone, and StoreAway.

    Reading it raises StoreAway too: its bytes come only then.
    """
    with _explained():
        try:
            return io.BufferedReader(_Coming(_opened(key)), READ_AT_ONCE)
        except FileNotFoundError:
            raise NotFound("The file “{name}” is no longer there.", name=name) from None


def delete(key: str) -> None:
    """Delete what stands under the key, a file or all below it; raises StoreAway.

    One by one, by their very names: `rm` would take a name with * or [ for a pattern.
    """
    with _explained():
        try:
            if _is_share():
                _files().rm(_place(key), recursive=True)
                return
            for name in _files().find(_place(key)):
                _files().rm_file(name)
        except FileNotFoundError:
            log.info("nothing to delete in the store", extra={"key": key})


def files_below(key: str, *, before: datetime) -> Iterator[str]:
    """Yield the keys of the files below that were last written before; raises StoreAway."""
    root = _root().rstrip("/") + "/"
    with _explained():
        found: dict[str, dict[str, Any]] = _files().find(_place(key), detail=True)
    for name, about in found.items():
        written = about.get("LastModified") or about.get("mtime")
        at = written.timestamp() if isinstance(written, datetime) else float(written or 0)
        if at < before.timestamp():
            yield name.removeprefix(root)


def folders(key: str = "") -> list[str]:
    """Return the names of the folders below the key; raises StoreAway."""
    with _explained():
        try:
            found = _files().ls(_place(key), detail=True)
        except FileNotFoundError:
            return []
    return [Path(one["name"]).name for one in found if one["type"] == "directory"]


class _Coming(io.RawIOBase):
    """A file whose bytes come from the store while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        with _explained():
            piece = self._file.read(len(room))
        room[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
        super().close()


def _opened(key: str) -> BinaryIO:
    file: BinaryIO = _files().open(_place(key), "rb", block_size=PART, cache_type="readahead")
    return file


def _make_folder(key: str) -> None:
    """Make the folders above the key where the store is a share; a bucket has none."""
    if _is_share():
        _files().makedirs(Path(_place(key)).parent.as_posix(), exist_ok=True)


def _flush(key: str) -> None:
    """Let a share write the file and its name down, as a bucket does before it answers.

    The copy at home is deleted soon: what a share holds in its memory alone would be lost with a
    power cut, though the run says that it is kept.
    """
    if not _is_share():
        return
    path, root = Path(_place(key)), Path(_root())
    above = [one for one in path.parents if one.is_relative_to(root)]
    for place in (path, *above):
        opened = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(opened)
        except OSError as error:
            if place == path or error.errno not in NO_FLUSH:
                raise
        finally:
            os.close(opened)


def _is_share() -> bool:
    return settings().artifacts_url.startswith("file:")


def _place(key: str) -> str:
    return f"{_root().rstrip('/')}/{key}".rstrip("/")


def _root() -> str:
    return _store()[1]


def _files() -> Any:
    return _store()[0]


def _store() -> tuple[Any, str]:
    current = settings()
    if not current.artifacts_url:
        raise StoreAway(
            "The file lies in a store that the settings no longer name. "
            "Set ORCHESTRATOR_ARTIFACTS_URL to it again."
        )
    key, secret = current.artifacts_key, current.artifacts_secret
    return _connected(
        current.artifacts_url,
        key.get_secret_value(),
        secret.get_secret_value(),
        current.artifacts_endpoint,
    )


@lru_cache(maxsize=1)
def _connected(url: str, key: str, secret: str, endpoint: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs  # a tenth of a second that most installations do without

    if url.startswith("file:"):
        files, root = url_to_fs(url)
        return files, str(root)
    patience = {"connect_timeout": CONNECT_SECONDS, "read_timeout": ANSWER_SECONDS}
    files, root = url_to_fs(
        url,
        key=key or None,
        secret=secret or None,
        endpoint_url=endpoint or None,
        use_listings_cache=False,  # what another process has written must be seen
        config_kwargs=patience | {"retries": {"max_attempts": TRIES}},
    )
    return files, str(root)


@contextmanager
def _explained() -> Iterator[None]:
    """Raise StoreAway for whatever the store, or the way to it, has against it."""
    try:
        yield
    except (StoreAway, NotFound):
        raise
    except Exception as error:
        if not _is_of_store(error):
            raise
        raise StoreAway(
            "The store of files does not answer as it should ({why}). Check "
            "ORCHESTRATOR_ARTIFACTS_URL and the store; the run can then be tried again.",
            why=f"{type(error).__name__}: {error}",
        ) from error


def _is_of_store(error: Exception) -> bool:
    """Whether the error tells of the store, whose client has a family of errors of its own."""
    if isinstance(error, OSError):
        return True
    return type(error).__module__.partition(".")[0] in ("botocore", "aiobotocore", "aiohttp")
