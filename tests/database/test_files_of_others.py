"""Where files of the same name are replaced, no task replaces what another one has put there."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from tasks.clock import utcnow
from tasks.db import reading, transaction
from tasks.deliveries import deliver, send_again
from tasks.kinds import ChannelKind
from tasks.models import Channel, Delivery, DeliveryState, RunState, TaskDefinition
from tasks.queries.placed import foreign_task
from tasks.settings import settings
from tests.support.channels import a_channel, saved
from tests.support.delivering import a_waiting, as_it_is
from tests.support.factories import a_run, a_task
from tests.web.runs_support import a_file

WAY: Any = {"channel": ChannelKind.FOLDER, "channel_slug": "finance"}
PLACE = "/mnt/finance/balance.csv"


@pytest.fixture
def share(database: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which files of the same name are replaced."""
    monkeypatch.setenv("ORCHESTRATOR_FOLDER_ROOTS", str(tmp_path))
    settings.cache_clear()
    (tmp_path / "share").mkdir()
    saved(a_channel(ChannelKind.FOLDER, "finance", folder=str(tmp_path / "share")))
    return tmp_path / "share"


def put(task: TaskDefinition, content: str) -> Delivery:
    """Put a file of a run of the task into the folder; returns the delivery as it ended."""
    run = a_run(task, state=RunState.SUCCEEDED)
    a_file(run, "balance.csv", content=content.encode())
    one = a_waiting(run, "Finance share", target={"files": 1}, **WAY)
    deliver(one)
    return as_it_is(one)


def test_the_file_of_another_task_stays_and_the_delivery_says_whose_it_is(
    share: Path,
) -> None:
    assert put(a_task("sales", title="Sales"), "sales").state is DeliveryState.DELIVERED
    refused = put(a_task("stock", title="Stock"), "stock")
    assert refused.state is DeliveryState.FAILED
    assert (refused.error or "").startswith(
        "“balance.csv” is there already, and “Sales” has put it there, so it is not replaced."
    )
    assert [one.name for one in share.iterdir()] == ["balance.csv"]
    assert (share / "balance.csv").read_text() == "sales"


def test_once_the_file_is_deleted_the_name_is_free(share: Path) -> None:
    put(a_task("sales"), "sales")
    refused = put(a_task("stock"), "stock")
    (share / "balance.csv").unlink()
    with transaction() as session:
        send_again(session, [refused.id], actor="ayse")
        told = {"lease_until": utcnow() + timedelta(minutes=1)}
        session.execute(update(Delivery).where(Delivery.id == refused.id).values(**told))
    deliver(refused.id)
    assert as_it_is(refused.id).state is DeliveryState.DELIVERED
    assert (share / "balance.csv").read_text() == "stock"
    assert put(a_task("sales-too"), "sales").state is DeliveryState.FAILED


def test_a_task_replaces_its_own_file_as_often_as_it_runs(share: Path) -> None:
    task = a_task("sales")
    for content in ("monday", "tuesday", "wednesday"):
        assert put(task, content).state is DeliveryState.DELIVERED
        assert (share / "balance.csv").read_text() == content


def test_what_somebody_has_put_there_by_hand_is_replaced_as_the_channel_says(
    share: Path,
) -> None:
    (share / "balance.csv").write_text("by hand")
    assert put(a_task("sales"), "sales").state is DeliveryState.DELIVERED
    assert (share / "balance.csv").read_text() == "sales"


def test_beside_a_channel_that_gives_numbers_both_files_lie(share: Path) -> None:
    numbering = a_channel(ChannelKind.FOLDER, folder=str(share), existing="number").settings
    with transaction() as session:
        session.execute(update(Channel).values(settings=numbering))
    put(a_task("sales"), "sales")
    assert put(a_task("stock"), "stock").state is DeliveryState.DELIVERED
    assert len(list(share.iterdir())) == 2


@pytest.mark.parametrize(
    ("reason", "is_told"),
    [
        (f"The files lie at {PLACE}.", True),
        (f"The files lie at /mnt/finance/a.csv, {PLACE}.", True),
        (f"The files lie at {PLACE}, /mnt/finance/z.csv.", True),
        (f"The files lie at {PLACE}. It may have been sent twice: an earlier try …", True),
        (f"The files lie at {PLACE}.gz.", False),
        (f"The files lie at /other{PLACE}.", False),
        ("The files lie at /mnt/finance/balance_csv.", False),
        ("", False),
    ],
)
def test_a_place_is_told_whole(database: str, reason: str, is_told: bool) -> None:
    theirs = a_run(a_task("sales", title="Sales"), state=RunState.SUCCEEDED)
    mine = a_run(a_task("stock"), state=RunState.SUCCEEDED)
    a_waiting(theirs, "Finance share", state=DeliveryState.DELIVERED, reason=reason, **WAY)
    asking = as_it_is(a_waiting(mine, "Finance share", **WAY))
    with reading() as session:
        assert foreign_task(session, asking, PLACE) == ("Sales" if is_told else "")
