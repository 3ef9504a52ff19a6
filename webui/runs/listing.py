"""What the list of runs shows."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext
from markupsafe import Markup

from tasks.clock import utcnow
from tasks.models import RunState
from tasks.queries.activity import Activity, activity
from tasks.queries.changes import version
from tasks.queries.movement import movement_of
from tasks.queries.remembered import remembered
from tasks.queries.run_counts import MOST, StateCounts, state_counts
from tasks.queries.run_filter import PERIODS, RunFilter
from tasks.queries.runs import run_page
from tasks.queries.tasks import task_choices
from webui.database import db
from webui.runs.drawing import drawings
from webui.runs.pictures import columns_of
from webui.runs.rows import rows_of
from webui.runs.words import PERIOD_WORDS, TRIGGERS

ALWAYS = (None, RunState.RUNNING, RunState.QUEUED, RunState.FAILED, RunState.SUCCEEDED)
"""The tabs that stand there also with a zero."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A state as a filter; `state` None is all of them, `count` None is not counted."""

    state: RunState | None
    count: int | None
    is_current: bool
    href: str


def listing(wanted: RunFilter) -> dict[str, Any]:
    """Return what `runs/index.html` needs."""
    session, now = db.session(), utcnow()
    seen = version(session)  # first: what changes from here on is told by the poll
    page = run_page(session, wanted, now=now)
    counts = state_counts(session, wanted, version=seen, now=now)
    return {
        "wanted": wanted,
        "page": page,
        "version": seen,
        "moved": movement_of(page.lines),
        "rows": rows_of(page.lines, version=seen),
        "tabs": tabs(wanted, counts),
        "toolbar": toolbar(wanted, counts),
        "overview": overview(seen),
    }


def overview(seen: int) -> Markup:
    """Draw the cards and the picture of the last 24 hours."""
    session = db.session()
    lately = activity(session)
    counts = state_counts(session, RunFilter(), version=seen, now=utcnow())

    def context() -> dict[str, Any]:
        return {"activity": lately, "counts": counts, "most": MOST, "histogram": _histogram(lately)}

    return drawings.draw("runs/_overview.html", lately, counts, context=context)


def _histogram(lately: Activity) -> Markup:
    def context() -> dict[str, Any]:
        return {"activity": lately, "columns": columns_of(lately)}

    return drawings.draw("runs/_histogram.html", lately, context=context)


def toolbar(wanted: RunFilter, counts: StateCounts) -> Markup:
    """Draw the filters with their present choices."""
    choices = _tasks(db.session())

    def context() -> dict[str, Any]:
        return {
            "wanted": wanted,
            "tabs": tabs(wanted, counts),
            "tasks": choices,
            "triggers": TRIGGERS,
            "periods": [("", gettext("Any time")), *((key, PERIOD_WORDS[key]) for key in PERIODS)],
        }

    return drawings.draw("runs/_toolbar.html", wanted.but(), counts, choices, context=context)


def tabs(wanted: RunFilter, counts: StateCounts) -> Markup:
    """Draw the states: those people look for, and others where there are any."""

    def context() -> dict[str, Any]:
        states = [*ALWAYS, *(state for state in RunState if state not in ALWAYS)]
        shown = [one for one in states if one in ALWAYS or counts.of(one) or wanted.state is one]
        return {
            "wanted": wanted,
            "most": MOST,
            "tabs": [
                Tab(one, counts.of(one), wanted.state is one, address_of(wanted.but(state=one)))
                for one in shown
            ],
        }

    return drawings.draw("runs/_tabs.html", wanted.but(), counts, context=context)


def address_of(wanted: RunFilter) -> str:
    """Return the address of the list with this filter."""
    arguments: dict[str, Any] = {**wanted.args()}
    return url_for("runs.index", **arguments)


@remembered(seconds=5)
def _tasks(session: Any) -> tuple[tuple[str, str], ...]:
    return tuple(task_choices(session))
