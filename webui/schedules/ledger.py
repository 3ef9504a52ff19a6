"""The ledger on the page: which span, and each line in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice, pairwise

from flask_babel import lazy_gettext

from tasks.errors import Invalid
from tasks.models import Schedule
from tasks.queries.ledger import LedgerLine, Standing, ledger
from tasks.queries.next_runs import plan_with_days
from tasks.scheduling.plan import NOTES
from tasks.settings import settings
from webui.database import db
from webui.i18n import say
from webui.retelling import told
from webui.schedules.moments import moment_of, typed_moment
from webui.schedules.preview import PAUSED, note_in_words

SPAN = ("from", "to")
USUAL_LINES = 40
SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=62)

STANDINGS = {
    Standing.MISSING: lazy_gettext("It was expected, and there is no trace of it."),
    Standing.DUE: lazy_gettext("It is due; the scheduler comes to it now."),
    Standing.COMING: lazy_gettext("It is still to come."),
}
UNEXPECTED = lazy_gettext("The schedule, as it is now, does not mean this time.")


@dataclass(frozen=True, slots=True)
class LineInWords:
    """A line of the ledger, with what the page says about it."""

    line: LedgerLine
    sentences: Sequence[str]

    @property
    def was_moved(self) -> bool:
        return self.line.due_at != self.line.scheduled_for

    @property
    def look(self) -> tuple[object, ...]:
        """What the page shows of it, as values."""
        run, line = self.line.run, self.line
        happened = (run.id, run.state, run.instants) if run else None
        return line.scheduled_for, line.due_at, line.standing, happened, tuple(self.sentences)


@dataclass(frozen=True, slots=True)
class LedgerInWords:
    """The lines of a span, the newest first; `since` and `until` are as typed."""

    since: str
    until: str
    lines: Sequence[LineInWords] = ()
    goes_on: str = ""
    problem: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    """The span as the address names it; empty where nobody chose one."""

    @property
    def missing(self) -> int:
        """How many expected instants left no trace."""
        return sum(one.line.standing is Standing.MISSING for one in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether one of its runs has not ended."""
        return any(one.line.run and not one.line.run.state.is_final for one in self.lines)

    @property
    def look(self) -> tuple[object, ...]:
        """What the page shows of it, as values."""
        return self.goes_on, *(one.look for one in self.lines)


def ledger_of(schedule: Schedule, args: Mapping[str, str], *, now: datetime) -> LedgerInWords:
    """Read the ledger of the span that the address names, or of the last few dozen instants."""
    zone = settings().timezone
    chosen = {name: args[name] for name in SPAN if args.get(name)}
    typed = args.get("from", ""), args.get("to", "")
    try:
        until = moment_of(typed[1], zone, field="to") or now
        since = moment_of(typed[0], zone, field="from") or _usual_start(schedule, until)
        if until <= since:
            raise Invalid("The end lies before the start.", field="to")
        found = ledger(db.session(), schedule, since=since, until=until, now=now)
    except Invalid as error:
        return LedgerInWords(*typed, problem=say(error), args=chosen)
    return LedgerInWords(
        since=typed_moment(since, zone),
        until=typed_moment(until, zone) if typed[1] else "",
        lines=[_in_words(one) for one in reversed(found.lines)],
        goes_on=typed_moment(found.goes_on_at, zone),
        args=chosen,
    )


def _usual_start(schedule: Schedule, until: datetime) -> datetime:
    """Return since when the schedule had a few dozen instants, judged by its coming ones."""
    coming = islice(plan_with_days(db.session(), schedule).after(until), 2)
    gaps = [later.scheduled_for - sooner.scheduled_for for sooner, later in pairwise(coming)]
    span = min(max(USUAL_LINES * gaps[0], SHORTEST), LONGEST) if gaps else LONGEST
    return (until - span).replace(second=0, microsecond=0)


def _in_words(line: LedgerLine) -> LineInWords:
    sentences = [_why(line), _note(line)]
    if line.standing is not Standing.HAPPENED:
        sentences.insert(0, str(STANDINGS[line.standing]))
    elif not line.expected:
        sentences.append(str(UNEXPECTED))
    return LineInWords(line, [one for one in sentences if one])


def _why(line: LedgerLine) -> str:
    """Return why the run is as it is, unless the note says the same."""
    if line.run is None or (line.code and line.run.reason_code == line.code):
        return ""
    return told(line.run.error or line.run.reason)


def _note(line: LedgerLine) -> str:
    known = line.code in NOTES or line.code == PAUSED
    return note_in_words(line.code, line.meant or "") if known else told(line.note)
