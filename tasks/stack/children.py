"""Child processes that never outlive this one, and the end of what they leave behind."""

import asyncio
import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Self

PR_SET_PDEATHSIG = 1
LINE_LIMIT = 1 << 20

_libc = ctypes.CDLL(None)


class Child:
    """A running program: the leader of a group of its own, its output readable by lines.

    asyncio's own subprocess is not used: it sees an end only when the last descendant has let go
    of the pipe, so one orphan would keep a dead part from being started again.
    """

    def __init__(self, process: subprocess.Popen[bytes], output: asyncio.StreamReader) -> None:
        self.pid = process.pid
        self.output = output
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._process = process
        self._descriptor = os.pidfd_open(process.pid)
        asyncio.get_running_loop().add_reader(self._descriptor, self._reap)

    @classmethod
    async def start(cls, command: Sequence[str], environment: Mapping[str, str]) -> Self:
        """Start a program; raises OSError where that cannot be."""
        readable, writable = os.pipe()
        try:
            process = subprocess.Popen(  # noqa: S603 (the commands are ours)
                command,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=writable,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # so that Ctrl-C reaches us alone, and the order is ours
                preexec_fn=_dies_with_parent(),
            )
        except OSError:
            os.close(readable)
            raise
        finally:
            os.close(writable)
        return cls(process, await _reader_of(readable))

    @property
    def is_alive(self) -> bool:
        return not self.ended.done()

    def terminate(self) -> None:
        """Ask the program to end."""
        if self.is_alive:
            self._process.send_signal(signal.SIGTERM)

    def kill_group(self) -> None:
        """Kill what is left of the program and of everything it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self.kill_group()  # before its number is free again: its children hold ports and pipes
        self.ended.set_result(self._process.wait())


def _dies_with_parent() -> Callable[[], None]:
    """Return what a child does before it starts: the kernel is to kill it when we are gone.

    Linux ties this to the thread that forks, so children are started from the main thread only.
    """
    parent = os.getpid()

    def tie() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # we died before the call above
            os._exit(1)

    return tie


async def _reader_of(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=LINE_LIMIT)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: protocol, os.fdopen(descriptor, "rb")
    )
    return reader
