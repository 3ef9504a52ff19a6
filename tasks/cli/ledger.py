"""`orchestrator ledger`: what the schedules of a task expected against what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tasks.cli.command import Command, json_option
from tasks.cli.history import Json, print_json, run_json, run_line
from tasks.cli.schedule import instant_of
from tasks.clock import utcnow
from tasks.db import reading
from tasks.errors import Invalid
from tasks.models import Run, Schedule, TaskDefinition
from tasks.queries.by_name import task_named
from tasks.queries.ledger import MOST_LINES, Ledger, LedgerLine, Standing, ledger
from tasks.settings import settings

BACK = timedelta(days=7)
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From when until before when, as it is now."""

    since: datetime
    until: datetime
    now: datetime


@click.command("ledger", cls=Command)
@click.argument("task")
@click.option(
    "--from", "start", metavar="T", help="An instant such as 2026-03-28T12:00; else a week ago."
)
@click.option("--to", "end", metavar="T", help="The same; else a day ahead.")
@json_option
def cli(task: str, start: str | None, end: str | None, as_json: bool) -> None:
    """Compare what the schedules of a task expected with what happened.

    What a schedule expected and nothing became of is `missing`.
    """
    span = _span(start, end, utcnow())
    with reading() as session:
        definition = task_named(session, task)
        ledgers = [(one, _ledger(session, one, span)) for one in _schedules(session, definition)]
        others = _others(session, definition, span)
    if as_json:
        print_json(_json(task, span, ledgers, others))
        return
    for schedule, found in ledgers:
        _print(schedule, found)
    if others:
        click.echo("Runs that no schedule asked for")
    for run in others:
        click.echo(f"  {run_line(run)}")


def _span(start: str | None, end: str | None, now: datetime) -> Span:
    zone = settings().zone
    since = now - BACK if start is None else instant_of(start, zone)
    until = now + AHEAD if end is None else instant_of(end, zone)
    if until <= since:
        raise Invalid("The end lies before the start.", field="to")
    return Span(since, until, now)


def _schedules(session: Session, task: TaskDefinition) -> Sequence[Schedule]:
    of_task = select(Schedule).where(Schedule.task_definition_id == task.id)
    return session.scalars(of_task.order_by(Schedule.id)).all()


def _ledger(session: Session, schedule: Schedule, span: Span) -> Ledger:
    return ledger(session, schedule, since=span.since, until=span.until, now=span.now)


def _others(session: Session, task: TaskDefinition, span: Span) -> Sequence[Run]:
    """Return the newest runs of the span by click, message or chain, the oldest of them first."""
    found = session.scalars(
        select(Run)
        .where(Run.task_definition_id == task.id, Run.schedule_id.is_(None))
        .where(Run.queued_at >= span.since, Run.queued_at < span.until)
        .options(joinedload(Run.task), joinedload(Run.schedule))
        .order_by(Run.id.desc())
        .limit(MOST_LINES)
    ).all()
    return found[::-1]


def _print(schedule: Schedule, found: Ledger) -> None:
    off = "" if schedule.enabled else ", off"
    click.echo(f"{schedule.name} (schedule {schedule.id}{off})")
    zone = ZoneInfo(schedule.timezone)
    for line in found.lines:
        click.echo(f"  {_line(line, zone)}")
    if found.goes_on_at:
        click.echo(f"  … more from {found.goes_on_at.astimezone(zone).isoformat()}: give --from")


def _line(line: LedgerLine, zone: ZoneInfo) -> str:
    at = line.scheduled_for.astimezone(zone)
    words = [f"{at:%a %Y-%m-%d %H:%M:%S %Z}", line.run.state if line.run else line.standing]
    if line.run:
        words.append(f"run {line.run.id}")
        words += [line.run.error or line.run.reason] if line.run.error or line.run.reason else []
        if line.run.covers_until:
            until = line.run.covers_until.astimezone(zone)
            words.append(f"{line.instants} instants until {until:%Y-%m-%d %H:%M:%S}")
    words += ["not expected now"] if not line.expected else []
    words += [f"({line.note})"] if line.note else []
    return "  ".join(words)


def _json(
    task: str, span: Span, ledgers: Sequence[tuple[Schedule, Ledger]], others: Sequence[Run]
) -> Json:
    return {
        "task": task,
        "from": _instant(span.since, settings().zone),
        "to": _instant(span.until, settings().zone),
        "schedules": [_schedule_json(schedule, found) for schedule, found in ledgers],
        "other_runs": [run_json(run) for run in others],
    }


def _schedule_json(schedule: Schedule, found: Ledger) -> Json:
    zone = ZoneInfo(schedule.timezone)
    return {
        "schedule": schedule.id,
        "name": schedule.name,
        "enabled": schedule.enabled,
        "lines": [_line_json(line, zone) for line in found.lines],
        "missing": sum(line.standing is Standing.MISSING for line in found.lines),
        "goes_on_at": _instant(found.goes_on_at, zone),
    }


def _line_json(line: LedgerLine, zone: ZoneInfo) -> Json:
    run = line.run
    return {
        "at": _instant(line.scheduled_for, zone),
        "due_at": _instant(line.due_at, zone),
        "standing": line.standing,
        "expected": line.expected,
        "instants": line.instants,
        "covers_until": _instant(run.covers_until, zone) if run else None,
        "run": run.id if run else None,
        "state": run.state if run else None,
        "reason": run.error or run.reason if run else None,
        "reason_code": run.reason_code if run else None,
        "note": line.note,
        "code": line.code,
    }


def _instant(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()
