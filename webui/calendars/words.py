"""What a calendar is, in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from tasks.models import Calendar, Source
from webui.calendars import choices


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands at the head of a calendar's page."""

    country: str
    weekend: str
    half_days: str
    source: str


def facts_of(calendar: Calendar, sources: Sequence[Source]) -> Facts:
    """Say what a person decided about a calendar."""
    names = dict(choices.weekdays())
    titles = {one.slug: one.title for one in sources}
    return Facts(
        country=choices.country_name(calendar.country),
        weekend=", ".join(names[str(number)] for number in calendar.weekend),
        half_days=gettext("are worked") if calendar.works_half_days else gettext("are days off"),
        source=titles.get(calendar.source or "", calendar.source or ""),
    )
