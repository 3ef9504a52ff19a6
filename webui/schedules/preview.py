"""What a schedule's form means: the phrase, and the coming instants where it will be due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_datetime, get_locale, gettext

from tasks.errors import Invalid
from tasks.scheduling.cron import MISSING, TWICE, Instant, upcoming
from tasks.scheduling.timing import make_timing
from tasks.settings import settings
from webui.i18n import say
from webui.schedules.forms import ScheduleForm

COUNT = 5
NOTES = {"dst_gap": MISSING, "dst_fold": TWICE}


@dataclass(frozen=True, slots=True)
class Coming:
    """A coming instant in the schedule's zone, and in the display's where that differs."""

    at: datetime
    there: str
    here: str
    note: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The phrase with the next instants, or a sentence why there are none."""

    words: str = ""
    zone: str = ""
    coming: Sequence[Coming] = ()
    problem: str = ""


def preview_of(form: ScheduleForm, *, now: datetime) -> Preview:
    """Return what the form means so far; a form that means nothing yet says why."""
    try:
        timing = make_timing(**form.timing(), starts_at=form.anchor(now))
        instants = upcoming(timing, after=now, count=COUNT)
    except Invalid as problem:
        return Preview(problem=say(problem))
    coming = [_in_words(one) for one in instants]
    return Preview(form.words(), form.text("timezone"), coming)


def _in_words(instant: Instant) -> Coming:
    turkish = get_locale().language == "tr"
    full = "d MMMM y EEEE, HH:mm" if turkish else "EEEE, d MMMM y, HH:mm"
    seconds = ":ss" if instant.at.second else ""
    here = instant.at.astimezone(settings().zone)
    same = here.replace(tzinfo=None) == instant.at.replace(tzinfo=None)
    return Coming(
        at=instant.at,
        there=str(format_datetime(instant.at, full + seconds, rebase=False)),
        here="" if same else str(format_datetime(here, "d MMM HH:mm", rebase=False)),
        note=_note(instant),
    )


def _note(instant: Instant) -> str:
    template = NOTES.get(instant.code or "")
    return "" if template is None else str(gettext(template)).format(time=instant.meant)
