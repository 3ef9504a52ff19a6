"""Answers that a process keeps for some seconds, since many screens ask for them at once."""

import time
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

Answer = TypeVar("Answer")
Question = Callable[[Session], Answer]


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
