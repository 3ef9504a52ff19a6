"""Answers that a process keeps, since many screens ask for them at once.

What follows from the runs' states alone is kept for as long as the version (the last `run_event`
id) stands still; what moves with the clock is kept for some seconds.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

Answer = TypeVar("Answer")
Question = Callable[[Session], Answer]

OLDEST = 10.0
"""Seconds after which an answer is asked anew although the version stands still: a period moves
on, and on PostgreSQL a smaller id can become visible after a larger one."""
MOST_ANSWERS = 200


class Memory(Generic[Answer]):
    """The answers of one engine, each good for one version; the oldest make room."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[int, float, Answer]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable, version: int) -> Answer | None:
        """Return the answer of this version; None where it has to be asked."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept[0] != version or time.monotonic() > kept[1] + OLDEST:
            return None
        return kept[2]

    def last(self, key: Hashable) -> Answer | None:
        """Return the answer kept last, of whatever version."""
        with self._lock:
            kept = self._kept.get(key)
        return None if kept is None else kept[2]

    def keep(self, key: Hashable, version: int, answer: Answer) -> None:
        with self._lock:
            self._kept[key] = (version, time.monotonic(), answer)
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_ANSWERS:
                self._kept.popitem(last=False)


class Memories(Generic[Answer]):
    """A memory for each engine, so that two databases never mix."""

    def __init__(self) -> None:
        self._memories: WeakKeyDictionary[Engine, Memory[Answer]] = WeakKeyDictionary()
        _forgetters.append(self._memories.clear)

    def of(self, session: Session) -> Memory[Answer]:
        engine = session.get_bind().engine
        return self._memories.setdefault(engine, Memory())


def remembered(*, seconds: float) -> Callable[[Question[Answer]], Question[Answer]]:
    """Let a query be asked at most once in so many seconds and process, whoever asks.

    While one thread asks anew the others get the old answer, so that nobody queues up.
    """

    def decorated(question: Question[Answer]) -> Question[Answer]:
        kept: WeakKeyDictionary[Engine, tuple[float, Answer]] = WeakKeyDictionary()
        asking = Lock()

        @wraps(question)
        def answer(session: Session) -> Answer:
            engine = session.get_bind().engine
            old = kept.get(engine)
            fresh = old is not None and time.monotonic() < old[0] + seconds
            if old is not None and (fresh or asking.locked()):
                return old[1]
            with asking:
                new = question(session)
                kept[engine] = (time.monotonic(), new)
            return new

        _forgetters.append(kept.clear)
        return answer

    return decorated


def forget() -> None:
    """Drop every kept answer, so that a test sees what it just wrote."""
    for clear in _forgetters:
        clear()


_forgetters: list[Callable[[], None]] = []
