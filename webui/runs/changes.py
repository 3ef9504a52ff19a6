"""What the poll of the list answers: the rows that changed, and how many are new."""

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.clock import utcnow
from tasks.queries.changes import Changes, changes_since, new_runs
from tasks.queries.movement import movement, movement_of
from tasks.queries.run_counts import state_counts
from tasks.queries.run_filter import RunFilter
from tasks.queries.runs import PAGE, run_lines
from webui.database import db
from webui.runs.listing import overview, tabs
from webui.runs.rows import rows_of


def changed_rows(wanted: RunFilter, args: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what `runs/_changes.html` needs, or None where nothing changed.

    The page says with `shown` which rows it has, with `drawn` at which version it was drawn and
    with `since` up to which version it has been told; `moved` marks the progress that it shows.
    """
    session, now = db.session(), utcnow()
    since, drawn = _number(args.get("since")), _number(args.get("drawn"))
    shown = [_number(one) for one in args.get("shown", "").split(".")[:PAGE]]
    changes = changes_since(session, since, now=now)
    seen = args.get("moved", "")
    has_moved = seen != "" and movement(session, shown) != seen
    if not changes.run_ids and not has_moved:
        return None
    lines = run_lines(session, shown)
    changed = [
        line
        for line in lines
        if line.id in changes.run_ids or (has_moved and not line.state.is_final)
    ]
    return {
        "wanted": wanted,
        "version": changes.version,
        "drawn": drawn,
        "shown": shown,
        "moved": movement_of(lines),
        "is_open": any(not line.state.is_final for line in lines),
        "changed": zip(changed, rows_of(changed, version=changes.version), strict=True),
        "around": _around(wanted, changes, drawn, shown) if changes.run_ids else None,
    }


def _around(
    wanted: RunFilter, changes: Changes, drawn: int, shown: Sequence[int]
) -> dict[str, Any]:
    """Return what stands around the rows, which only a change of state can change."""
    session, now = db.session(), utcnow()
    news = (
        new_runs(session, wanted, since=drawn, shown=shown, now=now) if wanted.is_first_page else 0
    )
    counts = state_counts(session, wanted, version=changes.version, now=now)
    return {
        "news": news,
        "tabs": tabs(wanted, counts),
        "overview": overview(changes.version),
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
