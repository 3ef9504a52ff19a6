"""Files put on an SFTP server: whole, under their names, or not at all."""

import errno
import hashlib
import posixpath
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import paramiko

from tasks.channels.bounds import STEP_SECONDS
from tasks.channels.contents import Chunks, chunks_of
from tasks.channels.errors import Refused, Unreachable
from tasks.channels.names import each_once, numbered, plain
from tasks.channels.settings import Existing, SftpSettings, kept_settings
from tasks.channels.settings_secret import secrets_of
from tasks.channels.sftp_line import NOT_OF_THE_PROTOCOL, Line, line_to
from tasks.channels.target import Owner, check_own, names_of, nobody, placed
from tasks.models import Artifact, Channel, Delivery

CHUNK = 32_768
MOST_NUMBERS = 1_000
LONGEST_QUOTE = 200
PASSING = ".orchestrator-{mark}.part"


@dataclass(frozen=True, slots=True)
class Passing:
    """A file that was sent whole, and has its passing name still."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """The folder on the server, over an open line."""

    line: Line
    settings: SftpSettings

    @property
    def sftp(self) -> paramiko.SFTPClient:
        return self.line.sftp

    def path(self, name: str) -> str:
        return posixpath.join(self.settings.folder, name)

    def told(self, name: str) -> str:
        """Return where a file is, as people are told."""
        return f"{self.settings.host}:{self.path(name)}"


def send(
    delivery: Delivery,
    channel: Channel,
    artifacts: Sequence[Artifact],
    *,
    whose: Owner = nobody,
    step_seconds: float = STEP_SECONDS,
) -> str:
    """Put the files on the server; returns where, in a sentence. Raises Refused or Unreachable."""
    settings = kept_settings(SftpSettings, channel.settings)
    names = each_once(names_of(delivery, settings.name, artifacts))
    again = delivery.tries > 1
    with line_to(settings, secrets_of(channel), step_seconds=step_seconds) as line:
        place = Place(line, settings)
        _check_folder(place)
        if settings.existing is Existing.REPLACE:
            for name in names:
                if _kind(place, name) is not None:
                    check_own(name, place.told(name), whose)
        with _sent(place, [chunks_of(one) for one in artifacts]) as files:
            put = [
                _publish(place, file, name, again=again)
                for file, name in zip(files, names, strict=True)
            ]
    return placed(place.told(name) for name in put)


def try_out(channel: Channel) -> str:
    """Write a small file on the server and take it away; returns where that was."""
    settings = kept_settings(SftpSettings, channel.settings)
    with line_to(settings, secrets_of(channel)) as line:
        place = Place(line, settings)
        _check_folder(place)
        with _sent(place, [iter([b"Task Orchestrator\n"])]):
            pass
    return f"{settings.host}:{settings.folder}"


def _check_folder(place: Place) -> None:
    kind = _kind(place, "")
    if kind is None or not stat.S_ISDIR(kind):
        raise Refused(
            "There is no folder “{folder}” on {host}.",
            folder=place.settings.folder,
            host=place.settings.host,
        )


@contextmanager
def _sent(place: Place, contents: Sequence[Chunks]) -> Iterator[list[Passing]]:
    """Send all files under passing names; what is not published is taken away again."""
    paths = [place.path(PASSING.format(mark=secrets.token_hex(8))) for _ in contents]
    try:
        yield [_send(place, path, one) for path, one in zip(paths, contents, strict=True)]
    finally:
        for path in paths:
            with suppress(
                OSError, EOFError, paramiko.SSHException, *NOT_OF_THE_PROTOCOL
            ):  # the line may be gone
                place.sftp.remove(path)


def _send(place: Place, path: str, content: Chunks) -> Passing:
    digest, size = hashlib.sha256(), 0
    with _told(place), _new_file(place.sftp, path) as file:
        for chunk in content:
            place.line.check()
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
    with _told(place):
        there = place.sftp.stat(path).st_size
    if there != size:  # what a server says to a write that was not waited for is lost
        raise Unreachable(
            "{host} has {there} of {size} bytes, so the file is not whole. Is its disk full?",
            host=place.settings.host,
            there=there,
            size=size,
        )
    return Passing(path, size, digest.hexdigest())


@contextmanager
def _new_file(sftp: paramiko.SFTPClient, path: str) -> Iterator[paramiko.SFTPFile]:
    """Open a file whose writes do not each wait for an answer; closed quietly after a fault."""
    file = sftp.open(path, "wx", 0)
    file.set_pipelined(True)
    try:
        yield file
    except BaseException:
        file.set_pipelined(False)  # else closing waits for answers that will not come
        file.close()
        raise
    file.close()


def _publish(place: Place, file: Passing, name: str, *, again: bool) -> str:
    """Give a file that was sent its name; returns the name that it has got.

    A try that comes `again` takes a file with the same bytes for the one that it put there before.
    """
    existing = place.settings.existing
    candidate, number = name, 2
    while (kind := _kind(place, candidate)) is not None:
        place.line.check()
        if existing is Existing.REPLACE:
            _check_replaceable(kind, candidate)
            break
        if again and stat.S_ISREG(kind) and _is_the_same(place, candidate, file):
            return candidate
        if existing is Existing.REFUSE or number > MOST_NUMBERS:
            raise Refused(
                "“{name}” is there already, and the channel replaces nothing.", name=candidate
            )
        candidate, number = numbered(name, number), number + 1
    with _told(place):
        if existing is Existing.REPLACE:
            _replace(place.sftp, file.path, place.path(candidate))
        else:
            place.sftp.rename(file.path, place.path(candidate))  # refuses what is there
    return candidate


def _replace(sftp: paramiko.SFTPClient, passing: str, path: str) -> None:
    """Rename in one step, where the server knows how; else the name is free for a moment."""
    try:
        sftp.posix_rename(passing, path)
    except OSError as error:
        if error.errno is not None or not _is_unsupported(error):
            raise
        with suppress(FileNotFoundError):
            sftp.remove(path)
        sftp.rename(passing, path)


def _is_unsupported(error: OSError) -> bool:
    """Whether the server lacks the extension; paramiko gives the server's own words alone."""
    return any(word in str(error).lower() for word in ("unsupported", "no such extension"))


def _check_replaceable(kind: int, name: str) -> None:
    if not stat.S_ISREG(kind):
        raise Refused("“{name}” is there already, and is not a file.", name=name)


def _kind(place: Place, name: str) -> int | None:
    """Return the mode of what has this name, which may be a link; None for nothing.

    The folder itself, the empty name, may be a link: an administrator has named it.
    """
    look = place.sftp.lstat if name else place.sftp.stat
    try:
        with _told(place):
            return look(place.path(name) if name else place.settings.folder).st_mode or 0
    except FileNotFoundError:
        return None


def _is_the_same(place: Place, name: str, file: Passing) -> bool:
    path, digest = place.path(name), hashlib.sha256()
    with _told(place):
        if place.sftp.stat(path).st_size != file.size:
            return False
        with place.sftp.open(path, "rb", CHUNK) as there:
            while chunk := there.read(CHUNK):
                place.line.check()
                digest.update(chunk)
    return digest.hexdigest() == file.sha256


@contextmanager
def _told(place: Place) -> Iterator[None]:
    """Turn what the server says to a step into a sentence."""
    host = place.settings.host
    try:
        yield
    except (FileNotFoundError, TimeoutError):
        raise
    except PermissionError as error:
        raise Refused("{host} does not allow the user to write there.", host=host) from error
    except UnicodeDecodeError as error:
        raise _not_kept(host, error.object.decode("utf-8", "replace")) from error
    except OSError as error:
        if error.errno in (errno.ECONNRESET, errno.EPIPE) or "closed" in str(error).lower():
            raise
        raise _not_kept(host, str(error)) from error


def _not_kept(host: str, why: str) -> Unreachable:
    return Unreachable(
        "{host} could not keep the file ({why}). Is its disk full?",
        host=host,
        why=plain(why)[:LONGEST_QUOTE],
    )
