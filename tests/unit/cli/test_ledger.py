"""`orchestrator ledger`: expected against happened, for a person and for a script."""

import json
from datetime import datetime, timedelta

from tasks.models import RunState, Trigger
from tests.support.factories import a_run, a_schedule, a_task
from tests.unit.cli.conftest import Call

HOUR = timedelta(hours=1)
SPAN = ("--from", "2026-03-16T05:00+00:00", "--to", "2026-03-16T11:00+00:00")


def a_history(now: datetime) -> None:
    """Seven o'clock was folded with six, eight is missing, nine ran; and somebody clicked."""
    task = a_task()
    schedule = a_schedule(
        task,
        name="Hourly",
        cron="0 6-20 * * *",
        created_at=now - 9 * HOUR,
        next_due_at=now + HOUR,
        timezone="UTC",
    )
    by_schedule = {"schedule_id": schedule.id, "trigger": Trigger.SCHEDULE}
    a_run(
        task,
        **by_schedule,
        scheduled_for=now - 3 * HOUR,
        covers_until=now - 2 * HOUR,
        instants=2,
        state=RunState.SKIPPED,
        reason="It was paused.",
    )
    a_run(task, **by_schedule, scheduled_for=now, state=RunState.SUCCEEDED)
    a_run(task, state=RunState.FAILED, error="It broke.")


def test_every_instant_is_one_line_and_clicks_stand_below(
    orchestrator: Call, now: datetime
) -> None:
    a_history(now)
    lines = orchestrator("ledger", "a-report", *SPAN).stdout.splitlines()
    assert lines == [
        "Hourly (schedule 1)",
        "  Mon 2026-03-16 06:00:00 UTC  skipped  run 1  It was paused.  "
        "2 instants until 2026-03-16 07:00:00",
        "  Mon 2026-03-16 08:00:00 UTC  missing",
        "  Mon 2026-03-16 09:00:00 UTC  succeeded  run 2",
        "  Mon 2026-03-16 10:00:00 UTC  coming",
        "Runs that no schedule asked for",
        "  run 3 of a-report for 2026-03-16 12:00 +03: failed. It broke.",
    ]


def test_a_script_gets_the_same_as_json(orchestrator: Call, now: datetime) -> None:
    a_history(now)
    found = json.loads(orchestrator("ledger", "a-report", *SPAN, "--json").stdout)
    (schedule,) = found["schedules"]
    standings = [line["standing"] for line in schedule["lines"]]
    assert standings == ["happened", "missing", "happened", "coming"]
    assert (schedule["missing"], schedule["goes_on_at"]) == (1, None)
    assert schedule["lines"][0]["instants"] == 2
    assert schedule["lines"][1]["at"] == "2026-03-16T08:00:00+00:00"
    assert [run["run"] for run in found["other_runs"]] == [3]


def test_without_a_span_it_is_the_last_week_and_the_next_day(
    orchestrator: Call, now: datetime
) -> None:
    a_history(now)
    found = json.loads(orchestrator("ledger", "a-report", "--json").stdout)
    assert found["from"] == "2026-03-09T12:00:00+03:00"
    assert found["to"] == "2026-03-17T12:00:00+03:00"


def test_a_wrong_span_and_an_unknown_task_are_bad_input(orchestrator: Call) -> None:
    a_task()
    backwards = ("--from", "2026-03-17", "--to", "2026-03-16")
    assert orchestrator("ledger", "a-report", *backwards).exit_code == 2
    assert orchestrator("ledger", "a-report", "--from", "0001-01-01").exit_code == 2
    assert orchestrator("ledger", "a-report", "--from", "yesterday").exit_code == 2
    assert orchestrator("ledger", "nothing").exit_code == 2
