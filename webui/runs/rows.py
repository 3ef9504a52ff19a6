"""The rows of the list, each drawn once for as long as it reads the same."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from tasks.clock import utcnow
from tasks.queries.runs import RunLine
from tasks.queries.trends import Trend, trends
from webui.database import db
from webui.filters import ago
from webui.i18n import language
from webui.runs.drawing import drawings
from webui.runs.pictures import trend_of
from webui.runs.words import TRIGGERS

MINUTE, HOUR = 60, 3_600


def rows_of(lines: Sequence[RunLine], *, version: int) -> list[Markup]:
    """Draw the rows, each with the picture of its task's last runs."""
    found = trends(db.session(), {line.task_id for line in lines}, version=version)
    spoken, now = language(), utcnow()
    return [_row(line, found[line.task_id], _told(line, spoken, now)) for line in lines]


def _row(line: RunLine, trend: Trend, told: str) -> Markup:
    def context() -> dict[str, Any]:
        picture = drawings.draw(
            "runs/_trend.html", trend, context=lambda: {"sticks": trend_of(trend.bars)}
        )
        return {
            "run": line,
            "told": told,
            "trigger": TRIGGERS[line.trigger],
            "trend": picture,
        }

    return drawings.draw("runs/_row.html", line, told, trend, context=context)


def _told(line: RunLine, spoken: str, now: datetime) -> str:
    """Say how long ago it began, or when it was promised."""
    since = line.started_at or line.queued_at
    return _ago(spoken, since, _step((now - since).total_seconds()))


def _step(seconds: float) -> int:
    """Return a number that changes about as often as the words for this distance."""
    if seconds < MINUTE:
        return int(seconds)
    return int(seconds // MINUTE) * MINUTE if seconds < HOUR else int(seconds // HOUR) * HOUR


@lru_cache(maxsize=4_000)
def _ago(_language: str, at: datetime, _step: int) -> str:
    return ago(at)
