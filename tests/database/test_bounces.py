"""A mail that comes back after it was delivered: read from the other server's report, and told."""

from email import policy
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import Parser
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tasks.cli.main import main
from tasks.db import reading, transaction
from tasks.deliveries import send_again
from tasks.deliveries.bounces import LONGEST_WHY, bounce_of
from tasks.errors import Invalid
from tasks.models import Delivery, DeliveryState, Incident, RunState
from tests.support.factories import a_run

MESSAGE_ID = "<17c0@task-orchestrator>"
UNKNOWN = "smtp; 550 5.1.1 <ayse@example.com>: user unknown"


def a_report(
    *, action: str = "failed", why: str = UNKNOWN, of: str = MESSAGE_ID, whole: bool = True
) -> bytes:
    """A report as mail servers write it, with the whole mail or only its headers."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["Message-ID"] = "MAILER-DAEMON@example.com", "<report@example.com>"
    report.attach(MIMEText("Your mail could not be delivered."))
    status = f"Reporting-MTA: dns; mx\n\nAction: {action}\nStatus: 5.1.1\nDiagnostic-Code: {why}\n"
    told = Parser().parsestr(f"Content-Type: message/delivery-status\n\n{status}")
    report.attach(told)
    mail = EmailMessage(policy=policy.compat32)
    mail["Message-ID"] = of
    mail.set_payload("Rows: 5")
    headers = MIMEText(f"Message-ID: {of}\nSubject: Balances\n", "rfc822-headers")
    report.attach(MIMEMessage(mail) if whole else headers)
    return report.as_bytes()


@pytest.fixture
def delivery(database: str) -> Delivery:
    run = a_run(state=RunState.SUCCEEDED)
    with transaction() as session:
        one = Delivery(
            run_id=run.id,
            recipient="ayse@example.com",
            message_id=MESSAGE_ID,
            state=DeliveryState.DELIVERED,
            tries=1,
        )
        session.add(one)
    return one


def taken(report: bytes, folder: Path) -> tuple[int, str]:
    """The exit code and the words of the command for this mail."""
    path = folder / "report.eml"
    path.write_bytes(report)
    answer = CliRunner().invoke(main, ["bounce", str(path)])
    return answer.exit_code, answer.output


@pytest.mark.parametrize("whole", [True, False], ids=["whole mail", "headers only"])
def test_a_mail_that_came_back_has_failed_in_the_words_of_the_other_server(
    delivery: Delivery, tmp_path: Path, whole: bool
) -> None:
    code, words = taken(a_report(whole=whole), tmp_path)
    assert (code, "user unknown" in words) == (0, True)
    with reading() as session:
        now = session.get_one(Delivery, delivery.id)
        incidents = session.scalars(select(Incident)).all()
    assert (now.state, now.delivered_at, len(incidents)) == (DeliveryState.FAILED, None, 1)
    assert now.error == (
        "It came back from the recipient's mail server: 550 5.1.1 <ayse@example.com>: user unknown"
    )


def test_it_can_be_sent_again_and_is_told_once(delivery: Delivery, tmp_path: Path) -> None:
    assert taken(a_report(), tmp_path)[0] == 0
    code, words = taken(a_report(), tmp_path)
    assert (code, "told already" in words) == (2, True)
    with transaction() as session:
        assert [one.id for one in send_again(session, [delivery.id], actor="ayse")] == [delivery.id]


@pytest.mark.parametrize(
    "report",
    [
        a_report(action="delayed"),
        a_report(of="<another@elsewhere>"),
        a_report(of=""),
        a_report(of=f"{MESSAGE_ID}' OR '1'='1"),
        b"",
        b"From: a@example.com\n\nI am on holiday.",
        f"From: a@example.com\nIn-Reply-To: {MESSAGE_ID}\n\n550 user unknown".encode(),
        a_report()[:300],
        bytes(range(256)) * 20,
    ],
)
def test_any_other_mail_changes_nothing(delivery: Delivery, tmp_path: Path, report: bytes) -> None:
    assert taken(report, tmp_path)[0] == 2
    with reading() as session:
        assert session.get_one(Delivery, delivery.id).state is DeliveryState.DELIVERED


def test_what_the_other_server_says_is_bounded_and_can_be_kept() -> None:
    bounce = bounce_of(a_report(why="smtp; 550 " + "x" * 5_000))
    assert (bounce.message_id, len(bounce.why)) == (MESSAGE_ID, LONGEST_WHY)
    assert "\0" not in bounce_of(a_report(why="smtp; 550 a\0b")).why
    with pytest.raises(Invalid):
        bounce_of(b"Subject: hello\n\n")
