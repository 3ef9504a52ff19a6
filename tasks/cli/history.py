"""Runs as the commands print them: JSON that scripts rely on, and lines for a person."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from tasks.keeping.stores import place_of
from tasks.models import Run
from tasks.queries.whole_run import WholeRun
from tasks.settings import settings

Json = dict[str, object]


def run_json(run: Run) -> Json:
    """Return what `runs --json` promises of each run."""
    zone = ZoneInfo(run.schedule.timezone) if run.schedule else settings().zone
    return {
        "run": run.id,
        "task": run.task.slug,
        "state": run.state,
        "reason": run.reason,
        "error_kind": run.error_kind,
        "error": run.error,
        "attempt": run.attempt,
        "scheduled_for": _instant(run.scheduled_for, zone),
        "queued_at": _instant(run.queued_at, zone),
        "started_at": _instant(run.started_at, zone),
        "finished_at": _instant(run.finished_at, zone),
        "rows": run.rows,
        "parameters": run.parameters,
    }


def whole_json(whole: WholeRun) -> Json:
    """Return what `show --json` and `run --json` promise."""
    files = [
        {
            "name": artifact.name,
            "path": place_of(artifact),
            "media_type": artifact.media_type,
            "bytes": artifact.bytes,
            "sha256": artifact.sha256,
            "part": artifact.part,
        }
        for artifact in whole.artifacts
    ]
    deliveries = [
        {
            "recipient": one.recipient,
            "channel": one.channel,
            "state": one.state,
            "error": one.error,
            "reason": one.reason,
            "part": one.part,
        }
        for one in whole.deliveries
    ]
    told = {"files": files, "deliveries": deliveries, "reached": whole.reached}
    return run_json(whole.run) | told


def print_json(content: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


def print_run(whole: WholeRun, *, as_json: bool) -> None:
    """Print a run: its state, why, its files and what became of each delivery."""
    if as_json:
        print_json(whole_json(whole))
        return
    click.echo(run_line(whole.run))
    for artifact in whole.artifacts:
        click.echo(f"  file      {place_of(artifact)}")
    for one in whole.deliveries:
        why = one.error or one.reason
        part = f" ({one.part})" if one.part else ""
        said = f"  {one.channel:9} {one.recipient or '–'}{part} {one.state}"
        click.echo(f"{said}: {why}" if why else said)


def run_line(run: Run) -> str:
    """Return a run in one line."""
    zone = ZoneInfo(run.schedule.timezone) if run.schedule else settings().zone
    when = run.scheduled_for.astimezone(zone)
    why = run.error or run.reason
    kind = f" ({run.error_kind})" if run.error_kind else ""
    rows = f", {run.rows} rows" if run.rows is not None else ""
    line = f"run {run.id} of {run.task.slug} for {when:%Y-%m-%d %H:%M %Z}: {run.state}{kind}{rows}"
    return f"{line}. {why}" if why else line


def _instant(at: datetime | None, zone: ZoneInfo) -> str | None:
    return None if at is None else at.astimezone(zone).isoformat()
