"""The page of a schedule: its parts, and a mark of what they show."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tasks.models import Schedule
from tasks.queries.calendars import calendar_of
from tasks.queries.mark_of import mark_of
from tasks.scheduling.switched_off import why_switched_off
from webui.database import db
from webui.schedules.ledger import ledger_of
from webui.schedules.preview import preview_of_schedule
from webui.schedules.standing import standing_of
from webui.schedules.words import facts_of


def page_of(schedule: Schedule, args: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """Return what `schedules/show.html` needs; `args` name the span of the ledger."""
    standing = standing_of(schedule, now=now)
    preview = preview_of_schedule(schedule, now=now)
    ledger = ledger_of(schedule, args, now=now)
    why_off = why_switched_off(db.session(), schedule)
    settings = schedule.version, schedule.updated_at, schedule.next_due_at, why_off
    return {
        "schedule": schedule,
        "standing": standing,
        "why_off": why_off,
        "preview": preview,
        "facts": facts_of(schedule, calendar_of(db.session(), schedule)),
        "ledger": ledger,
        "version": mark_of(settings, standing, preview, ledger.look),
    }
