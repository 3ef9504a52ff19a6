"""The files of a report on their way to channels, from its run to the folder."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import select, update

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.definitions import content_of, create_task
from tasks.deliveries import deliver, send_again
from tasks.errors import Invalid
from tasks.kinds import ChannelKind
from tasks.models import Channel, Delivery, DeliveryState, Run, RunState, TaskDefinition
from tasks.runs.perform import perform
from tasks.settings import settings
from tests.support.channels import a_channel, saved
from tests.support.factories import a_run, a_source, a_task
from tests.support.web_server import web_server

ROWS = 'SELECT "Code", "Region", "Balance" FROM "T" ORDER BY "Code"'
TABLE = """CREATE TABLE SBODEMOTR."T" AS SELECT 'C' || i AS "Code",
CASE WHEN i % 2 = 0 THEN 'North' ELSE 'South/West' END AS "Region",
(i * 1000.25)::DECIMAL(18,2) AS "Balance" FROM range(1, 5) t(i)"""
BURST = {
    "column": "Region",
    "address_from": "lines",
    "lines": ["North = ayse@example.com", "South/West = ali@example.com"],
}


@pytest.fixture
def share(database: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that channels may use; the broker is away, so nothing is sent by itself."""
    monkeypatch.setenv("ORCHESTRATOR_FOLDER_ROOTS", str(tmp_path))
    monkeypatch.setenv("ORCHESTRATOR_HTTP_ALLOWED_HOSTS", "localhost")
    monkeypatch.setenv("ORCHESTRATOR_BROKER_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()
    with duckdb.connect(home / "demo.duckdb") as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute(TABLE)
    a_source()
    (tmp_path / "share").mkdir()
    saved(a_channel(ChannelKind.FOLDER, "finance", folder=str(tmp_path / "share")))
    return tmp_path / "share"


def a_report(*uses: dict[str, Any], **more: Any) -> TaskDefinition:
    given = {"sql": ROWS, "formats": ["csv"], "channels": list(uses)}
    return a_task("open-invoices", title="Open invoices", settings=given | more)


def use(channel: str = "finance", name: str = "", part_files: bool = False) -> dict[str, Any]:
    return {"channel": channel, "name": name, "part_files": part_files}


def sent(task: TaskDefinition, **values: Any) -> tuple[Run, list[Delivery]]:
    """Run the task, and send what it planned."""
    run = a_run(task, **values)
    perform(run.id, worker="worker-1")
    for one in deliveries_of(run):
        with transaction() as session:
            soon = {"lease_until": utcnow() + timedelta(seconds=60)}
            session.execute(update(Delivery).where(Delivery.id == one.id).values(**soon))
        deliver(one.id)
    with reading() as session:
        return session.get_one(Run, run.id), deliveries_of(run)


def deliveries_of(run: Run) -> list[Delivery]:
    with reading() as session:
        wanted = select(Delivery).where(Delivery.run_id == run.id).order_by(Delivery.id)
        return list(session.scalars(wanted))


def change(slug: str, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Channel).where(Channel.slug == slug).values(**values))


def create(settings: dict[str, Any]) -> None:
    with transaction() as session:
        content = content_of(slug="invoices", title="Invoices", settings=settings)
        create_task(session, content, changed_by="ayse")


def names_in(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_report_without_recipients_goes_to_its_channels(share: Path) -> None:
    run, (delivery,) = sent(a_report(use(name="{task}-{date}")))
    assert (run.state, run.reason) == (RunState.SUCCEEDED, ""), run.error
    assert (delivery.state, delivery.recipient) == (DeliveryState.DELIVERED, "Finance share")
    assert (delivery.channel, delivery.channel_slug) == (ChannelKind.FOLDER, "finance")
    assert delivery.reason.startswith(f"The files lie at {share}/open-invoices-")
    name = f"open-invoices-{run.scheduled_for.astimezone(settings().zone):%Y-%m-%d}.csv"
    assert names_in(share) == [name]
    assert (share / name).read_text("utf-8-sig").splitlines()[0].startswith("Code")


def test_a_program_is_told_the_figures_of_the_run(share: Path) -> None:
    with web_server() as server:
        secrets = {"url": server.url("/hook"), "signing_key": "x" * 16}
        saved(a_channel(ChannelKind.WEBHOOK, "platform", title="Platform", secrets=secrets))
        _, deliveries = sent(a_report(use(), use("platform")))
        (asked,) = server.questions
    assert [one.state for one in deliveries] == [DeliveryState.DELIVERED] * 2
    message = json.loads(asked.body)
    assert (message["task"], message["rows"]) == ("open-invoices", 4)
    assert message["figures"]["Balance"]["total"] == "10002.50"
    assert [one["name"].endswith(".csv") for one in message["files"]] == [True]


def test_each_part_of_a_split_report_has_a_file_of_its_own(share: Path) -> None:
    report = a_report(use(part_files=True, name="{date}"), burst=BURST)
    _, deliveries = sent(report)
    parts = [one for one in deliveries if one.channel is ChannelKind.FOLDER]
    assert {one.part for one in parts} == {"North", "South/West"}
    assert {one.state for one in parts} == {DeliveryState.DELIVERED}
    assert len(names_in(share)) == 2
    north = next(one for one in share.iterdir() if "North" in one.name)
    assert "South" not in north.read_text("utf-8-sig")


def test_a_trial_goes_to_no_channel(share: Path) -> None:
    run = a_run(a_report(use(), recipients=["ayse@example.com"]), only_to="me@example.com")
    perform(run.id, worker="worker-1")
    assert {one.channel for one in deliveries_of(run)} == {ChannelKind.EMAIL}


def test_what_is_not_to_be_sent_goes_to_no_channel(share: Path) -> None:
    _, (delivery,) = sent(a_report(use(), condition={"kind": "no_rows"}))
    assert delivery.state is DeliveryState.SUPPRESSED
    assert delivery.reason != ""
    assert names_in(share) == []


def test_a_channel_that_is_off_fails_in_words_and_is_sent_again_once_it_is_on(share: Path) -> None:
    report = a_report(use())
    change("finance", is_active=False)
    run, (delivery,) = sent(report)
    assert (run.state, delivery.state) == (RunState.SUCCEEDED, DeliveryState.FAILED)
    assert "is switched off" in (delivery.error or "")
    change("finance", is_active=True)
    with transaction() as session:
        send_again(session, [delivery.id], actor="ayse")
        soon = {"lease_until": utcnow() + timedelta(seconds=60)}
        session.execute(update(Delivery).where(Delivery.id == delivery.id).values(**soon))
    deliver(delivery.id)
    assert deliveries_of(run)[0].state is DeliveryState.DELIVERED
    assert len(names_in(share)) == 1


def test_a_channel_that_is_gone_fails_in_words(share: Path) -> None:
    run, (delivery,) = sent(a_report(use("gone")))
    assert (run.state, delivery.state) == (RunState.SUCCEEDED, DeliveryState.FAILED)
    assert "“gone” is no longer there" in (delivery.error or "")


def test_a_share_that_is_away_is_tried_again(share: Path) -> None:
    share.rmdir()
    _, (delivery,) = sent(a_report(use()))
    assert delivery.state is DeliveryState.QUEUED
    assert "Is its share there?" in (delivery.error or "")


@pytest.mark.parametrize(
    ("uses", "said"),
    [
        ([use("gone")], "There is no channel “gone”"),
        ([use("mail")], "There is no channel “mail” that takes files"),
        ([use("off")], "The channel “Finance share” is switched off"),
        ([use(), use()], "Each channel can be chosen once"),
        ([use(name="../{name}")], "without slashes"),
        ([use(name="{secret}")], "There is no placeholder {secret}"),
    ],
)
def test_a_task_can_only_use_channels_that_work(
    share: Path, uses: list[dict[str, Any]], said: str
) -> None:
    saved(a_channel(ChannelKind.FOLDER, "off", folder=str(share), is_active=False))
    account = {"host": "smtp.example.com", "from_address": "a@example.com"}
    saved(a_channel(ChannelKind.EMAIL, "mail", **account))
    given = {"source": "demo", "sql": ROWS, "channels": uses}
    with pytest.raises(Invalid) as refused:
        create(given)
    assert said in refused.value.message
    assert refused.value.field == "channels"
