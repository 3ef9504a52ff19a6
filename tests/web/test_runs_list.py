"""The list of runs: filters, pages, counts, and how little it asks the database."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from tasks import db
from tasks.clock import utcnow
from tasks.errors import ErrorKind
from tasks.models import DeliveryState, RunState, TaskDefinition, Trigger
from tasks.queries.remembered import forget
from tests.support.factories import a_run, a_task
from tests.web.conftest import Browser
from tests.web.runs_support import PARTIAL, a_delivery

ROW = re.compile(r'<tr id="run-(\d+)"')


def shown(browser: Browser, address: str) -> list[int]:
    return [int(found) for found in ROW.findall(browser.get(address).text)]


def test_a_guest_is_asked_to_log_in(client: Browser) -> None:
    assert client.get("/runs").status_code == 302


def test_without_runs_the_page_says_what_to_do(viewer: Browser) -> None:
    assert "Nothing ran yet" in viewer.get("/runs").text


def test_the_newest_run_stands_first(viewer: Browser) -> None:
    runs = [a_run().id for _ in range(3)]
    assert shown(viewer, "/runs") == runs[::-1]


def test_a_row_says_why_a_run_failed(viewer: Browser) -> None:
    a_run(state=RunState.FAILED, error="There is no table <OINV>.", error_kind=ErrorKind.SQL)
    assert "There is no table &lt;OINV&gt;." in viewer.get("/runs").text


def test_a_row_tells_of_deliveries_that_failed(viewer: Browser) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_delivery(run, state=DeliveryState.FAILED)
    assert "1 delivery failed" in viewer.get("/runs").text


def test_pages_follow_each_other_without_gap_or_twin(viewer: Browser) -> None:
    task = a_task()
    runs = [a_run(task, state=RunState.SUCCEEDED).id for _ in range(60)][::-1]
    assert shown(viewer, "/runs") == runs[:25]
    assert shown(viewer, f"/runs?before={runs[24]}") == runs[25:50]
    assert shown(viewer, f"/runs?before={runs[49]}") == runs[50:]
    assert shown(viewer, f"/runs?after={runs[50]}") == runs[25:50]


def test_a_page_of_newer_runs_that_is_not_full_is_the_first(viewer: Browser) -> None:
    task = a_task()
    runs = [a_run(task).id for _ in range(30)][::-1]
    assert shown(viewer, f"/runs?after={runs[10]}") == runs[:25]


def test_after_the_last_page_there_is_a_way_back(viewer: Browser) -> None:
    run = a_run()
    assert "No older runs" in viewer.get(f"/runs?before={run.id}").text


def test_each_filter_leaves_what_fits(viewer: Browser) -> None:
    stock, sales = a_task("stock"), a_task("sales")
    failed = a_run(stock, state=RunState.FAILED).id
    by_schedule = a_run(sales, state=RunState.SUCCEEDED, trigger=Trigger.SCHEDULE).id
    waiting = a_run(sales).id
    assert shown(viewer, "/runs?state=failed") == [failed]
    assert shown(viewer, "/runs?task=sales") == [waiting, by_schedule]
    assert shown(viewer, "/runs?task=sales&state=queued") == [waiting]
    assert shown(viewer, "/runs?trigger=schedule") == [by_schedule]
    assert shown(viewer, "/runs?trigger=person") == [waiting, failed]
    assert shown(viewer, "/runs?trigger=person&state=failed") == [failed]
    assert shown(viewer, "/runs?state=lost") == []


def test_a_period_leaves_what_was_promised_in_it(viewer: Browser) -> None:
    now = utcnow()
    a_run(queued_at=now - timedelta(days=40))
    week = a_run(queued_at=now - timedelta(days=6)).id
    hour = a_run(queued_at=now - timedelta(minutes=5)).id
    assert shown(viewer, "/runs?period=1h") == [hour]
    assert shown(viewer, "/runs?period=7d") == [hour, week]
    assert shown(viewer, "/runs?period=30d&state=failed") == []


@pytest.mark.parametrize("q", ["ısı", "ISI", "isi olcum", "ISI ÖLÇÜM"])
def test_the_search_knows_turkish_letters(viewer: Browser, q: str) -> None:
    found = a_run(a_task("heat", title="Isı Ölçümü")).id
    a_run(a_task("other", title="Satış"))
    assert shown(viewer, f"/runs?q={q}") == [found]


def test_the_search_finds_a_run_by_its_number(viewer: Browser) -> None:
    first, second = a_run().id, a_run().id
    assert shown(viewer, f"/runs?q={second}") == [second]
    assert shown(viewer, f"/runs?q=%23{first}") == [first]


def test_a_filter_without_a_match_offers_all_runs(viewer: Browser) -> None:
    a_run()
    page = viewer.get("/runs?q=nowhere").text
    assert "No run fits" in page
    assert "Show all runs" in page


def test_what_is_not_known_in_the_address_counts_as_empty(viewer: Browser) -> None:
    run = a_run().id
    for query in ("state=odd", "trigger=odd", "period=9y", "before=x", "after=-1", "before=9e9"):
        assert shown(viewer, f"/runs?{query}") == [run]


def test_the_tabs_count_the_states_of_what_is_filtered(viewer: Browser) -> None:
    stock = a_task("stock")
    a_run(stock, state=RunState.FAILED)
    a_run(a_task("sales"), state=RunState.FAILED)
    page = viewer.get("/runs?task=stock&state=succeeded").text
    assert re.search(r"state=failed[^>]*task=stock[^>]*>\s*Failed\s*<span[^>]*>1<", page)


def test_counting_stops_and_says_so(viewer: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    task: TaskDefinition = a_task()
    for _ in range(4):
        a_run(task, state=RunState.SUCCEEDED)
    monkeypatch.setattr("tasks.queries.run_counts.MOST", 3)
    monkeypatch.setattr("webui.runs.listing.MOST", 3)
    assert "2+" in viewer.get("/runs").text


def test_a_filter_by_htmx_brings_the_rows_alone_and_the_address(viewer: Browser) -> None:
    a_run()
    answer = viewer.get("/runs?state=queued&task=&q=", headers=PARTIAL)
    assert "<html" not in answer.text
    assert 'id="run-rows"' in answer.text
    assert answer.headers["HX-Push-Url"] == "/runs?state=queued"


def test_the_number_of_statements_does_not_grow_with_the_rows(viewer: Browser) -> None:
    a_run(a_task(), state=RunState.FAILED)
    viewer.get("/runs")
    few = statements_of(viewer)
    for number in range(30):
        a_run(a_task(f"task-{number}"), state=RunState.FAILED)
    assert statements_of(viewer) == few


def statements_of(browser: Browser) -> int:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    forget()
    event.listen(db.engine(), "before_cursor_execute", note)
    try:
        assert browser.get("/runs").status_code == 200
    finally:
        event.remove(db.engine(), "before_cursor_execute", note)
    return len(said)
