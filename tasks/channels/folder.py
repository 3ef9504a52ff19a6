"""Files put into a folder that this server sees: whole, under their names, or not at all."""

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tasks.channels.contents import Chunks, chunks_of
from tasks.channels.errors import Refused, Unreachable
from tasks.channels.names import each_once, numbered
from tasks.channels.settings import Existing, FolderSettings, kept_settings, root_of
from tasks.channels.target import Owner, check_own, names_of, nobody, placed
from tasks.models import Artifact, Channel, Delivery

MOST_NUMBERS = 1_000
PASSING = ".orchestrator-{mark}.part"
"""What a file is called while it is written."""
STEP_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
PASSING_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""How a share says that it has no hard links."""
NO_SYNC = (errno.EINVAL, errno.EBADF, errno.ENOTSUP)
"""How a share says that a folder cannot be flushed."""
FULL = (errno.ENOSPC, errno.EDQUOT)
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
NO_FOLDER = (errno.ELOOP, errno.ENOTDIR)


@dataclass(frozen=True, slots=True)
class Passing:
    """A file that is written, and has its passing name still."""

    name: str
    size: int
    sha256: str


def send(
    delivery: Delivery,
    channel: Channel,
    artifacts: Sequence[Artifact],
    *,
    whose: Owner = nobody,
) -> str:
    """Put the files into the folder; returns where they are, in a sentence.

    Raises Refused or Unreachable.
    """
    settings = kept_settings(FolderSettings, channel.settings)
    names = each_once(names_of(delivery, settings.name, artifacts))
    again = delivery.tries > 1
    with _in_words(settings.folder), _opened(settings.folder) as folder:
        if settings.existing is Existing.REPLACE:
            for name in names:
                if _kind(folder, name) is not None:
                    check_own(name, str(Path(settings.folder) / name), whose)
        with _written(folder, [chunks_of(one) for one in artifacts]) as files:
            put = [
                _publish(folder, file, name, settings.existing, again=again)
                for file, name in zip(files, names, strict=True)
            ]
        _flush(folder)
    return placed(str(Path(settings.folder) / name) for name in put)


def try_out(channel: Channel) -> str:
    """Write a small file into the folder and take it away; returns what was done."""
    settings = kept_settings(FolderSettings, channel.settings)
    with _in_words(settings.folder), _opened(settings.folder) as folder:
        with _written(folder, [iter([b"Task Orchestrator\n"])]):
            pass
        _flush(folder)
    return settings.folder


@contextmanager
def _in_words(path: str) -> Iterator[None]:
    """Turn what a file system says into a sentence, and into whether another try can help."""
    try:
        yield
    except OSError as error:
        raise _explained(path, error) from error


def _explained(path: str, error: OSError) -> Refused | Unreachable:
    why = error.strerror or str(error)
    if error.errno in FULL:
        return Unreachable("The disk of the folder “{folder}” is full.", folder=path)
    if error.errno in NO_FOLDER:
        return Refused(
            "“{folder}” is not a plain folder: a part of it is a link or a file.", folder=path
        )
    if error.errno in NOT_ALLOWED:
        return Refused(
            "The folder “{folder}” may not be written to ({why}). Give the user of the worker the "
            "right to.",
            folder=path,
            why=why,
        )
    if error.errno == errno.ENAMETOOLONG:
        return Refused("The name of a file is too long for the folder “{folder}”.", folder=path)
    return Unreachable(
        "The folder “{folder}” cannot be reached ({why}). Is its share there?", folder=path, why=why
    )


@contextmanager
def _opened(path: str) -> Iterator[int]:
    """Open the folder step by step from its root: no link on the way leads elsewhere."""
    root = root_of(path)
    folder = os.open(root, STEP_FLAGS)
    try:
        for step in Path(path).relative_to(root).parts:
            below = os.open(step, STEP_FLAGS | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = below
        yield folder
    finally:
        os.close(folder)


@contextmanager
def _written(folder: int, contents: Sequence[Chunks]) -> Iterator[list[Passing]]:
    """Write all files under passing names; what is not published is gone afterwards."""
    names = [PASSING.format(mark=secrets.token_hex(8)) for _ in contents]
    try:
        yield [_write(folder, name, one) for name, one in zip(names, contents, strict=True)]
    finally:
        for name in names:
            with suppress(OSError):  # published, or never made, or the share is away
                os.unlink(name, dir_fd=folder)


def _write(folder: int, name: str, content: Chunks) -> Passing:
    """Write one file, and read it again: the share must give back what it was given."""
    digest = hashlib.sha256()
    with os.fdopen(os.open(name, PASSING_FLAGS, 0o666, dir_fd=folder), "w+b") as file:
        for chunk in content:
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
        file.seek(0)
        if hashlib.file_digest(file, "sha256").hexdigest() != digest.hexdigest():
            raise Unreachable("The folder gave back other bytes than were written to it.")
    return Passing(name, size, digest.hexdigest())


def _publish(folder: int, file: Passing, name: str, existing: Existing, *, again: bool) -> str:
    """Give a written file its name; returns the name that it has got.

    A try that comes `again` takes a file with the same bytes for the one that it put there before.
    """
    if existing is Existing.REPLACE:
        _check_replaceable(folder, name)
        os.rename(file.name, name, src_dir_fd=folder, dst_dir_fd=folder)
        return name
    candidate, number = name, 2
    while not _named(folder, file.name, candidate):
        if again and _is_the_same(folder, candidate, file):
            return candidate
        if existing is Existing.REFUSE or number > MOST_NUMBERS:
            raise Refused(
                "“{name}” is there already, and the channel replaces nothing.", name=candidate
            )
        candidate, number = numbered(name, number), number + 1
    return candidate


def _named(folder: int, passing: str, name: str) -> bool:
    """Give the file its name unless something has it; one call decides between two writers."""
    try:
        os.link(passing, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if _kind(folder, name) is not None:
            return False
        os.rename(passing, name, src_dir_fd=folder, dst_dir_fd=folder)
    return True


def _check_replaceable(folder: int, name: str) -> None:
    kind = _kind(folder, name)
    if kind is not None and not stat.S_ISREG(kind):
        raise Refused("“{name}” is there already, and is not a file.", name=name)


def _kind(folder: int, name: str) -> int | None:
    """Return the mode of what has this name, which may be a link; None for nothing."""
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except FileNotFoundError:
        return None


def _is_the_same(folder: int, name: str, file: Passing) -> bool:
    if not stat.S_ISREG(_kind(folder, name) or 0):  # a pipe would let us wait for ever
        return False
    opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    with closing(os.fdopen(opened, "rb")) as there:
        same_size = os.fstat(there.fileno()).st_size == file.size
        return same_size and hashlib.file_digest(there, "sha256").hexdigest() == file.sha256


def _flush(folder: int) -> None:
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in NO_SYNC:
            raise
