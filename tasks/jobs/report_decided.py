"""Whether what a report has made is sent: which rows go on, and what the condition says."""

from collections.abc import Sequence
from dataclasses import replace

from tasks.jobs.context import JobContext, Letter
from tasks.jobs.report_compared import limits_of, rows_before
from tasks.queries.last_delivered import Delivered
from tasks.reports.conditions.settings import ConditionKind
from tasks.reports.conditions.sieve import OnlyNew
from tasks.reports.conditions.verdict import Standing, Verdict, verdict
from tasks.reports.figures import Figures
from tasks.reports.kept.keys import KnownKeys, known_keys
from tasks.reports.settings import ReportSettings
from tasks.reports.taking import Taker


def only_wanted(
    context: JobContext, settings: ReportSettings, before: Delivered | None, taker: Taker
) -> Taker:
    """Return the taker, or one that hands on the new rows alone where only those are sent."""
    condition = settings.condition
    if condition.kind is not ConditionKind.NEW_ROWS:
        return taker
    with rows_before(context, before) as path:
        known = KnownKeys() if path is None else known_keys(path, condition.keys)
    return OnlyNew(condition.keys, known, taker, limits_of(settings))


def decide(
    settings: ReportSettings, figures: Figures, digest: str, before: Delivered | None
) -> Verdict:
    """Judge whether there is anything to send."""
    now = Standing(figures, digest)
    if before is None:
        return verdict(settings.condition, now, None)
    then = Figures.from_json(before.rows, before.figures)
    return verdict(settings.condition, now, Standing(then, before.digest, before.run_id))


def as_decided(letters: Sequence[Letter], decided: Verdict) -> tuple[Letter, ...]:
    """Return the letters, kept back where there is nothing to send.

    One that is kept back for a reason of its own keeps that.
    """
    if decided.send:
        return tuple(letters)
    return tuple(replace(one, suppressed=one.suppressed or decided.reason) for one in letters)
