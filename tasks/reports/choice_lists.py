"""Lists of choices, read from their source by a thread of its own and kept for a short while.

Who types a letter waits for no more than a few seconds, whatever the source does: a list that
comes later is there for the next letter. A list is read once however many ask for it.
"""

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future
from dataclasses import dataclass

from tasks.errors import Conflict, ErrorKind, JobError, OrchestratorError
from tasks.reports.choices import Choice, choices_in, matching
from tasks.reports.parameters import ParameterDefinition, ParameterType
from tasks.reports.preview import preview
from tasks.sources.by_name import row_of

MOST = 5_000
"""Choices of a list; what a query gives beyond is not looked through, and the page says so."""
SECONDS = 5
KEPT_SECONDS = 60
FAILED_SECONDS = 10
"""For so long a source that is away is not asked again for the same list."""
MOST_LISTS = 16
"""Lists that a process of the pages keeps; one weighs 2 MB at most."""
MOST_READERS = 4
MOST_WAITING = 6
"""Web threads that wait for a list at once; the pages need the others."""

_COMPANY = ParameterDefinition(name="company", type=ParameterType.COMPANY, required=False)


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """The choices of a query; `more` where it has more than these."""

    choices: tuple[Choice, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; with a `problem` the source could not be asked."""

    choices: tuple[Choice, ...] = ()
    more: bool = False
    """Whether the query has more choices than were looked through."""
    problem: OrchestratorError | None = None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a list is read with."""

    source: str
    version: int
    company: str
    sql: str


@dataclass(slots=True)
class _Kept:
    """A list that is read, or was read; `until` is when it counts no more, by this machine."""

    coming: "Future[ChoiceList]"
    until: float = float("inf")


_lists: "OrderedDict[_Wanted, _Kept]" = OrderedDict()
_lock = threading.Lock()
_readers = threading.BoundedSemaphore(MOST_READERS)
_waiting = threading.BoundedSemaphore(MOST_WAITING)


def find_choices(source: str, sql: str, search: str, *, company: str = "") -> Found:
    """Search the choices that a query over this source offers; not to be called in a transaction.

    Waits for at most SECONDS. Without a company it is the source's own schema that is read. Of a
    source that was changed no list counts that was read before.
    """
    try:
        wanted = _Wanted(source, row_of(source).version, company, sql)
        listed = _waited_for(_list_of(wanted))
    except TimeoutError:
        return Found(problem=_slow())
    except OrchestratorError as error:
        return Found(problem=error)
    return Found(matching(listed.choices, search), listed.more)


def forget_choices() -> None:
    """Read every list anew."""
    with _lock:
        _lists.clear()


def _list_of(wanted: _Wanted) -> "Future[ChoiceList]":
    with _lock:
        kept = _lists.get(wanted)
        if kept is not None and time.monotonic() < kept.until:
            _lists.move_to_end(wanted)
            return kept.coming
        return _begun(wanted)


def _waited_for(coming: "Future[ChoiceList]") -> ChoiceList:
    """Return the list, at once where it is there; raises TimeoutError, Conflict where many wait."""
    if coming.done():
        return coming.result()
    if not _waiting.acquire(blocking=False):
        raise Conflict("Others are searching just now. Wait a moment, and try again.")
    try:
        return coming.result(timeout=SECONDS)
    finally:
        _waiting.release()


def _begun(wanted: _Wanted) -> "Future[ChoiceList]":
    """Begin to read a list, where not too many are read already."""
    coming: Future[ChoiceList] = Future()
    if not _readers.acquire(blocking=False):
        coming.set_exception(_slow())
        return coming
    kept = _lists[wanted] = _Kept(coming)
    while len(_lists) > MOST_LISTS:
        _lists.popitem(last=False)
    threading.Thread(target=_fill, args=(kept, wanted), daemon=True).start()
    return coming


def _fill(kept: _Kept, wanted: _Wanted) -> None:
    """Read the list, and tell whoever waits for it what came of it."""
    try:
        listed = _read(wanted)
    except BaseException as error:  # noqa: BLE001 (raised again where somebody waits)
        kept.until = time.monotonic() + FAILED_SECONDS
        kept.coming.set_exception(error)
    else:
        kept.until = time.monotonic() + KEPT_SECONDS
        kept.coming.set_result(listed)
    finally:
        _readers.release()


def _read(wanted: _Wanted) -> ChoiceList:
    definitions = (_COMPANY,) if wanted.company else ()
    values = {_COMPANY.name: wanted.company} if wanted.company else {}
    found = preview(wanted.source, wanted.sql, definitions, values, rows=MOST, seconds=SECONDS)
    return ChoiceList(choices_in(found.rows), found.more)


def _slow() -> JobError:
    return JobError(
        "The source did not answer within {seconds} s.",
        kind=ErrorKind.SOURCE_LOST,
        transient=True,
        seconds=SECONDS,
    )
