"""The job `log_cleanup` and alerts: they go with their run or by their age, once they are told."""

from pathlib import Path

import pytest

from tasks.clock import utcnow
from tasks.db import transaction
from tasks.models import (
    Alert,
    AlertKind,
    AlertMail,
    AlertMailState,
    Run,
)
from tasks.retention import batches, delete_alert_mails, delete_alerts
from tests.database.cleaning_up import NOTHING, OLD, an_old_run, clean_up, deleted, kept
from tests.support.factories import a_run, a_task


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
