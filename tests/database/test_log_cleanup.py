"""The job `log_cleanup`: what it deletes, and what it never touches."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.errors import ErrorKind, JobError
from tasks.jobs.context import JobResult, Progress, Stopped
from tasks.jobs.registry import find_job
from tasks.models import (
    Alert,
    AlertKind,
    AlertMail,
    AlertMailState,
    Artifact,
    Attempt,
    Base,
    Delivery,
    DeliveryState,
    Run,
    RunEvent,
    RunState,
    ScheduleKind,
    TaskDefinition,
    WebSession,
)
from tasks.queries.ledger import Standing, ledger
from tasks.retention import batches, delete_alert_mails, delete_alerts, forgotten_before
from tasks.runs.files import attempt_folder, attempt_log_path
from tests.support.factories import a_run, a_schedule, a_task
from tests.support.jobs import a_context

OLD = timedelta(days=40)
NOTHING = "There was nothing to delete."


def clean_up(home: Path, **settings: Any) -> JobResult:
    return find_job("log_cleanup").perform(a_context(home / "folder", settings=settings))


def deleted(**numbers: int) -> str:
    """Return how the clean-up says that it deleted so many, and nothing else."""
    kinds = ("logs", "files", "runs", "sessions", "alerts")
    told = ", ".join(f"{kind}: {numbers.get(kind, 0)}" for kind in kinds)
    return f"Deleted {told}, mails about them: {numbers.get('mails', 0)}."


def an_old_run(task: TaskDefinition, **values: Any) -> Run:
    """A run of 40 days ago with a file, a log, and all that hangs on a run."""
    ended = utcnow() - OLD
    run = a_run(
        task, **({"state": RunState.FAILED, "finished_at": ended, "queued_at": ended} | values)
    )
    log, folder = attempt_log_path(run.id, 1), attempt_folder(run.id, 1)
    for path in (log, folder / "report.csv"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    with transaction() as session:
        session.add(Attempt(run_id=run.id, number=1, worker="w", started_at=ended))
        session.add(RunEvent(run_id=run.id, state=run.state, attempt=1))
        session.add(
            Artifact(
                run_id=run.id,
                attempt=1,
                name="report.csv",
                path=str((folder / "report.csv").relative_to(folder.parents[2])),
                media_type="text/csv",
                bytes=4,
                sha256="-",
            )
        )
    return run


def a_delivery(run: Run, state: DeliveryState) -> None:
    with transaction() as session:
        session.add(
            Delivery(run_id=run.id, recipient="a@example.com", message_id="<1@x>", state=state)
        )


def kept(model: type[Base] = Run) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_old_run_goes_with_everything_that_hangs_on_it(database: str, home: Path) -> None:
    run = an_old_run(a_task(run_retention_days=30))
    a_delivery(run, DeliveryState.DELIVERED)
    assert clean_up(home).reason == deleted(runs=1)
    assert [kept(model) for model in (Run, Attempt, RunEvent, Artifact, Delivery)] == [0] * 5
    assert not attempt_log_path(run.id, 1).exists()
    assert not attempt_folder(run.id, 1).exists()


def test_what_followed_or_repeated_an_old_run_stays_without_it(database: str, home: Path) -> None:
    task = a_task(run_retention_days=30)
    run = an_old_run(task)
    later = a_run(task, retry_of_id=run.id, cause_id=run.id)
    clean_up(home)
    with reading() as session:
        stays = session.scalars(select(Run)).one()
    assert (stays.id, stays.retry_of_id, stays.cause_id) == (later.id, None, None)


@pytest.mark.parametrize(
    "values",
    [
        {"state": RunState.QUEUED, "finished_at": None},
        {"state": RunState.RUNNING, "finished_at": None},
        {"finished_at": utcnow() - timedelta(days=29)},
        {"state": RunState.SUCCEEDED},
    ],
    ids=["waits", "runs", "young", "the last that succeeded"],
)
def test_a_run_stays_that_has_not_ended_is_young_or_is_the_last_success(
    database: str, home: Path, values: dict[str, Any]
) -> None:
    run = an_old_run(a_task(run_retention_days=30), **values)
    assert clean_up(home).reason == NOTHING
    assert kept() == 1
    assert attempt_log_path(run.id, 1).exists()
    assert (attempt_folder(run.id, 1) / "report.csv").exists()


def test_of_two_old_successes_only_the_last_stays(database: str, home: Path) -> None:
    task = a_task(run_retention_days=30)
    runs = [an_old_run(task, state=RunState.SUCCEEDED) for _ in range(2)]
    clean_up(home)
    with reading() as session:
        assert session.scalars(select(Run.id)).all() == [runs[1].id]


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.SENDING])
def test_a_run_whose_letters_still_go_out_stays_with_its_files(
    database: str, home: Path, state: DeliveryState
) -> None:
    run = an_old_run(a_task(run_retention_days=30, artifact_retention_days=30))
    a_delivery(run, state)
    assert clean_up(home).reason == NOTHING
    assert (attempt_folder(run.id, 1) / "report.csv").exists()


def test_files_go_before_their_run_where_the_task_says_so(database: str, home: Path) -> None:
    run = an_old_run(a_task(artifact_retention_days=30), state=RunState.SUCCEEDED)
    assert clean_up(home).reason == deleted(files=1)
    assert (kept(Run), kept(Artifact), kept(RunEvent)) == (1, 0, 1)
    assert not attempt_folder(run.id, 1).exists()
    assert attempt_log_path(run.id, 1).exists()


def test_the_tasks_own_days_count_before_those_of_the_job(database: str, home: Path) -> None:
    an_old_run(a_task("kept-longer", run_retention_days=365))
    an_old_run(a_task("by-default"))
    assert clean_up(home, keep_run_days=30).reason == deleted(runs=1)
    assert clean_up(home).reason == NOTHING  # without days, a run is kept for ever


def test_old_logs_of_attempts_and_of_the_product_go(database: str, home: Path) -> None:
    logs = home / "logs"
    (logs / "runs" / "0000").mkdir(parents=True)
    old = [logs / "runs" / "0000" / "1-1.log", logs / "celery.log.3"]
    stay = [
        logs / "runs" / "0000" / "2-1.log",
        logs / "celery.log.1",
        logs / "celery.log",
        logs / "notes.txt",
    ]
    for path in (*old, *stay):
        path.write_text("text")
    for path in (*old, *stay[2:]):
        written = (utcnow() - OLD).timestamp()
        os.utime(path, (written, written))
    assert clean_up(home, keep_days=30).reason == deleted(logs=2)
    assert [path.exists() for path in (*old, *stay)] == [False] * 2 + [True] * 4


def test_what_a_dead_attempt_left_goes_a_day_later(database: str, home: Path) -> None:
    run = a_run(state=RunState.LOST)
    folder = attempt_folder(run.id, 1)
    folder.mkdir(parents=True)
    (folder / "half.part").write_text("half")
    assert clean_up(home).reason == NOTHING
    before = (utcnow() - timedelta(hours=25)).timestamp()
    os.utime(folder, (before, before))
    assert clean_up(home).reason == deleted(files=1)
    assert not folder.exists()


def test_sessions_that_are_over_go(database: str, home: Path) -> None:
    now = utcnow()
    with transaction() as session:
        for number, hours in enumerate((-1, 1)):
            expires = now + timedelta(hours=hours)
            session.add(WebSession(token_sha256=str(number), expires_at=expires))
    assert clean_up(home).reason == deleted(sessions=1)
    with reading() as session:
        assert session.scalars(select(WebSession.token_sha256)).all() == ["1"]


def an_alert(mail: AlertMailState | None = None, *, run: Run | None = None) -> None:
    """Save an alert of 40 days ago, with its mail if it has one."""
    made = utcnow() - OLD
    kind = AlertKind.SCHEDULER_SILENT if run is None else AlertKind.LATE_START
    topic = f"{kind}:{kept(Alert)}"
    with transaction() as session:
        alert = Alert(key=topic, kind=kind, topic=topic, sentence="It is so.", created_at=made)
        alert.run_id = run.id if run else None
        if mail:
            told = AlertMail(topic=topic, recipients=["a@example.com"], state=mail, created_at=made)
            session.add(told)
            session.flush()
            alert.mail_id = told.id
        session.add(alert)


@pytest.mark.parametrize("mail", [None, AlertMailState.SENT, AlertMailState.FAILED])
def test_an_old_alert_about_no_run_goes_with_its_mail(
    database: str, home: Path, mail: AlertMailState | None
) -> None:
    an_alert(mail)
    assert clean_up(home, keep_days=41).reason == NOTHING
    assert clean_up(home, keep_days=39).reason == deleted(alerts=1, mails=int(mail is not None))
    assert (kept(Alert), kept(AlertMail)) == (0, 0)


@pytest.mark.parametrize(
    "mail", [AlertMailState.GATHERING, AlertMailState.QUEUED, AlertMailState.SENDING]
)
def test_an_alert_that_is_still_to_be_mailed_stays_whatever_its_age(
    database: str, home: Path, mail: AlertMailState
) -> None:
    an_alert(mail)
    assert clean_up(home, keep_days=1).reason == NOTHING
    assert (kept(Alert), kept(AlertMail)) == (1, 1)


def test_an_alert_about_a_run_stays_and_goes_with_its_run(database: str, home: Path) -> None:
    an_alert(AlertMailState.SENT, run=an_old_run(a_task()))
    assert clean_up(home, keep_days=30).reason == NOTHING
    assert (kept(Alert), kept(AlertMail)) == (1, 1)
    clean_up(home, keep_days=30, keep_run_days=30)
    assert (kept(Alert), kept(AlertMail)) == (0, 0)


def test_a_mail_that_is_not_sent_yet_is_left_to_its_senders(database: str, home: Path) -> None:
    an_alert(AlertMailState.GATHERING, run=an_old_run(a_task()))
    assert clean_up(home, keep_days=30, keep_run_days=30).reason == deleted(runs=1)
    assert (kept(Alert), kept(AlertMail)) == (0, 1)


def test_alerts_and_their_mails_go_batch_by_batch(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    an_alert(AlertMailState.SENT, run=a_run())
    for _ in range(5):
        an_alert(AlertMailState.SENT)
    assert list(delete_alerts(before=utcnow())) == [2, 2, 1]
    assert list(delete_alert_mails(before=utcnow())) == [2, 2, 1]
    assert (kept(Alert), kept(AlertMail)) == (1, 1)


def test_more_than_a_batch_goes_batch_by_batch(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    task = a_task(run_retention_days=30, artifact_retention_days=20)
    for _ in range(5):
        an_old_run(task)
    said: list[Progress | None] = []
    context = a_context(home / "folder")

    def listen() -> bool:
        said.append(context.last_progress)
        return False

    context.stopped = listen
    find_job("log_cleanup").perform(context)
    assert kept() == 0
    assert [one.done for one in said if one] == [2, 4, 5]


def test_a_cleanup_that_is_stopped_goes_on_the_next_time(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    task = a_task(run_retention_days=30)
    for _ in range(3):
        an_old_run(task)
    with pytest.raises(Stopped):
        find_job("log_cleanup").perform(a_context(home / "folder", stopped=lambda: True))
    assert kept() == 1
    clean_up(home)
    assert kept() == 0


def test_files_that_went_before_a_crash_do_not_hold_up_their_rows(
    database: str, home: Path
) -> None:
    run = an_old_run(a_task(artifact_retention_days=30))
    (attempt_folder(run.id, 1) / "report.csv").unlink()
    attempt_folder(run.id, 1).rmdir()
    clean_up(home)
    assert kept(Artifact) == 0


def test_a_file_that_cannot_be_deleted_is_named(database: str, home: Path) -> None:
    run = an_old_run(a_task(artifact_retention_days=30))
    folder = attempt_folder(run.id, 1).parent
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))  # nobody deletes through a link
    with pytest.raises(JobError, match="could not be deleted") as failed:
        clean_up(home)
    assert (failed.value.kind, failed.value.transient) == (ErrorKind.JOB, False)
    assert kept(Artifact) == 1


def test_nothing_is_missing_from_the_time_whose_runs_were_deleted(
    database: str, home: Path
) -> None:
    task, now = a_task(run_retention_days=30), utcnow()
    starts = now - timedelta(days=60)
    daily = {"kind": ScheduleKind.INTERVAL, "cron": None, "interval_seconds": 86_400}
    schedule = a_schedule(
        task, **daily, starts_at=starts, created_at=starts, next_due_at=now + timedelta(days=1)
    )
    meant = starts + timedelta(days=20)
    an_old_run(task, schedule_id=schedule.id, scheduled_for=meant, due_at=meant)
    clean_up(home)
    assert kept() == 0
    with reading() as session:
        found = ledger(session, schedule, since=starts, until=now, now=now)
        oldest = found.lines[0].scheduled_for
        other = forgotten_before(session, task.id + 1)
    assert now - timedelta(days=30) <= oldest <= now - timedelta(days=29)
    assert {line.standing for line in found.lines} == {Standing.MISSING}
    assert other is None
