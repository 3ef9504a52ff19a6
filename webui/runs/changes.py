"""What the poll of the list answers: the rows that changed, and how many are new."""

from collections.abc import Mapping
from typing import Any

from tasks.clock import utcnow
from tasks.queries.changes import changes_since, new_runs
from tasks.queries.run_counts import state_counts
from tasks.queries.run_filter import RunFilter
from tasks.queries.runs import PAGE, run_lines
from webui.database import db
from webui.runs.listing import overview, tabs
from webui.runs.rows import rows_of


def changed_rows(wanted: RunFilter, args: Mapping[str, str]) -> dict[str, Any] | None:
    """Return what `runs/_changes.html` needs, or None where nothing changed.

    The page says with `shown` which rows it has, with `drawn` at which version it was drawn and
    with `since` up to which version it has been told.
    """
    session, now = db.session(), utcnow()
    since, drawn = _number(args.get("since")), _number(args.get("drawn"))
    shown = [_number(one) for one in args.get("shown", "").split(".")[:PAGE]]
    changes = changes_since(session, since, now=now)
    if not changes.run_ids:
        return None
    lines = run_lines(session, shown)
    changed = [line for line in lines if line.id in changes.run_ids]
    news = (
        new_runs(session, wanted, since=drawn, shown=shown, now=now) if wanted.is_first_page else 0
    )
    counts = state_counts(session, wanted, version=changes.version, now=now)
    return {
        "wanted": wanted,
        "version": changes.version,
        "drawn": drawn,
        "shown": shown,
        "is_open": any(not line.state.is_final for line in lines),
        "changed": zip(changed, rows_of(changed, version=changes.version), strict=True),
        "news": news,
        "tabs": tabs(wanted, counts),
        "overview": overview(changes.version),
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
