"""What a delivery brings is what its run has kept, from wherever it lies, or it says why not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.deliveries import plan, send_again, send_delivered_again
from tasks.jobs.context import Letter, ReportFile
from tasks.keeping import remote
from tasks.keeping.stores import bring_to_store
from tasks.kinds import ArtifactRole
from tasks.models import Artifact, Delivery, DeliveryState, Run, RunState
from tasks.queries.last_delivered import last_delivered
from tasks.runs.files import artifact_path
from tasks.settings import settings
from tests.support.delivering import a_waiting, as_it_is, sent
from tests.support.factories import a_run
from tests.support.mail import Mailbox, smtp_server
from tests.support.store import Store, store_server
from tests.web.runs_support import a_file


@pytest.fixture
def mailbox(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with smtp_server() as (url, mailbox):
        monkeypatch.setenv("ORCHESTRATOR_SMTP_URL", url)
        settings.cache_clear()
        yield mailbox


@pytest.fixture
def store(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with store_server() as store:
        store.use(monkeypatch)
        yield store
        remote._connected.cache_clear()


def planned(run: Run, *letters: Letter, files: int = 1) -> list[Delivery]:
    """Save what a run that made so many files has promised."""
    made = [ReportFile(Path(f"{number}.csv"), "text/csv") for number in range(files)]
    pictures = ReportFile(Path("chart.png"), "image/png", role=ArtifactRole.PICTURE)
    with transaction() as session:
        deliveries = plan(run.id, letters, [*made, pictures])
        session.add_all(deliveries)
    return deliveries


def asked_again(delivery_id: int) -> Delivery:
    """Send again what failed, as a person asks for it."""
    with transaction() as session:
        send_again(session, [delivery_id], actor="ayse")
        session.get_one(Delivery, delivery_id).lease_until = utcnow()
    return sent(delivery_id)


def test_files_that_lie_in_the_store_go_with_the_mail(store: Store, mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file = a_file(run, content=b"a;b\n1;2\n")
    bring_to_store([file])
    with transaction() as session:
        session.merge(file)
    (settings().artifacts_dir / file.path).unlink()
    assert sent(a_waiting(run)).state is DeliveryState.DELIVERED
    [enclosed] = mailbox.letters[0].iter_attachments()
    assert enclosed.get_payload(decode=True) == b"a;b\n1;2\n"


def test_a_store_that_is_away_is_tried_again(
    store: Store, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    file = a_file(run)
    bring_to_store([file])
    with transaction() as session:
        session.merge(file)
    monkeypatch.setenv("ORCHESTRATOR_ARTIFACTS_ENDPOINT", "http://127.0.0.1:1")
    settings.cache_clear()
    remote._connected.cache_clear()
    waiting = sent(a_waiting(run))
    assert (waiting.state, waiting.tries) == (DeliveryState.QUEUED, 1)
    assert mailbox.letters == []


def test_a_file_that_is_not_what_was_made_goes_to_nobody(mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    artifact_path(a_file(run, content=b"paid;1\n")).write_bytes(b"paid;9\n")
    refused = sent(a_waiting(run))
    assert refused.state is DeliveryState.FAILED
    assert "is not the one that was made" in (refused.error or "")
    assert mailbox.letters == []


def test_what_is_sent_again_without_its_files_fails_in_words(mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_file(run)
    mailbox.answer = "550 not today"
    [delivery] = planned(run, Letter("ayse@example.com", "Sales", "See the file."))
    with transaction() as session:
        session.get_one(Delivery, delivery.id).lease_until = utcnow()
    assert sent(delivery.id).state is DeliveryState.FAILED
    mailbox.answer = "250 OK"
    with transaction() as session:
        session.execute(delete(Artifact))  # as their retention does
    gone = asked_again(delivery.id)
    assert gone.state is DeliveryState.FAILED
    assert "files of this run are no longer kept" in (gone.error or "")
    assert mailbox.letters == []


@pytest.mark.parametrize(("attach", "files"), [("none", 1), ("files", 0)])
def test_what_brings_no_files_misses_none(mailbox: Mailbox, attach: str, files: int) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    letter = Letter("ayse@example.com", "Sales", "Nothing.", target={"attach": attach})
    [delivery] = planned(run, letter, files=files)
    with transaction() as session:
        session.get_one(Delivery, delivery.id).lease_until = utcnow()
    assert sent(delivery.id).state is DeliveryState.DELIVERED


def test_two_letters_of_one_way_are_one_delivery(mailbox: Mailbox) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    first, again = Letter("a@example.com", "First"), Letter("a@example.com", "Again")
    part = Letter("a@example.com", "Part", part="North")
    assert [one.subject for one in planned(run, first, part, again)] == ["First", "Part"]
    assert as_it_is(1).target["files"] == 1
    assert as_it_is(2).target["files"] == 0


def test_a_run_that_goes_to_somebody_once_more_is_still_what_the_next_is_compared_with(
    mailbox: Mailbox,
) -> None:
    before = a_run(state=RunState.SUCCEEDED)
    a_waiting(before, state=DeliveryState.DELIVERED, delivered_at=utcnow())
    last = a_run(state=RunState.SUCCEEDED)
    copied = a_waiting(last, state=DeliveryState.DELIVERED, delivered_at=utcnow())
    with transaction() as session:
        send_delivered_again(session, copied, tries=0, actor="ayse")
    run = a_run()
    with reading() as session:
        compared = last_delivered(session, run.id)
    assert compared is not None
    assert compared.run_id == last.id
