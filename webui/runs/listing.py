"""What the list of runs shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import get_template_attribute, url_for
from flask_babel import gettext

from tasks.clock import utcnow
from tasks.models import RunState
from tasks.queries.activity import activity
from tasks.queries.changes import version
from tasks.queries.run_counts import MOST, StateCounts, state_counts, waiting_now
from tasks.queries.runs import PERIODS, RunFilter, RunLine, run_page
from tasks.queries.tasks import task_choices
from tasks.queries.trends import trends
from webui.database import db
from webui.runs.pictures import histogram_of, trend_of
from webui.runs.row_words import RowWords
from webui.runs.words import PERIOD_WORDS

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
    return {
        "wanted": wanted,
        "page": page,
        "version": seen,
        "tabs": tabs_of(wanted, state_counts(session, wanted, now=now)),
        "trends": pictures(page.lines),
        "words": RowWords(),
        "tasks": task_choices(session),
        "periods": [("", gettext("Any time")), *((key, str(PERIOD_WORDS[key])) for key in PERIODS)],
        **overview(),
    }


def address_of(wanted: RunFilter) -> str:
    """Return the address of the list with this filter."""
    arguments: dict[str, Any] = {**wanted.args()}
    return url_for("runs.index", **arguments)


def overview() -> dict[str, Any]:
    """Return what the cards and the histogram need."""
    session = db.session()
    lately = activity(session)
    return {
        "activity": lately,
        "histogram": histogram_of(lately),
        "waiting": waiting_now(session),
        "most": MOST,
    }


def pictures(lines: Sequence[RunLine]) -> dict[int, str]:
    """Return the picture of the last runs of each task in these lines, drawn once a task."""
    draw = get_template_attribute("runs/_trend.html", "trend")
    found = trends(db.session(), [line.task_id for line in lines])
    return {task: draw(trend_of(bars)) for task, bars in found.items()}


def tabs_of(wanted: RunFilter, counts: StateCounts) -> list[Tab]:
    """Return the tabs: the states people look for, and others where there are any."""
    states = [*ALWAYS, *(state for state in RunState if state not in ALWAYS)]
    return [
        Tab(
            state,
            counts.of(state),
            is_current=wanted.state is state,
            href=address_of(wanted.but(state=state)),
        )
        for state in states
        if state in ALWAYS or counts.of(state) or wanted.state is state
    ]
