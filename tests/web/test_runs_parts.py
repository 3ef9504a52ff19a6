"""The parts of a run that was split, on its page and on their own."""

import re

import pytest

from tasks.models import Artifact, ArtifactRole, DeliveryState, Run, RunState
from tasks.queries.parts_of_run import PAGE
from tests.support.factories import a_run
from tests.web.conftest import Browser
from tests.web.runs_support import a_delivery, a_file


@pytest.fixture
def run(app: object, home: object) -> Run:
    return a_run(state=RunState.SUCCEEDED)


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def a_part(run: Run, name: str, *, rows: int = 3, to: str = "", **values: object) -> Artifact:
    if to:
        a_delivery(run, recipient=to, part=name, message_id=f"<{name}@test>", **values)
    return a_file(run, f"report-{len(name)}-{rows}.csv", part=name, rows=rows)


def test_the_page_of_a_run_lists_the_files_of_all_rows_and_leads_to_the_parts(
    run: Run, viewer: Browser
) -> None:
    a_file(run, "whole.csv", rows=5)
    a_file(run, "chart.png", role=ArtifactRole.PICTURE)
    for name in ("Marmara", "Ege"):
        a_part(run, name)
    page = viewer.get(f"/runs/{run.id}").text
    assert "whole.csv" in page
    assert "report-7-3.csv" not in page
    assert "chart.png" not in page.split('class="run-files"')[1].split("</ul>")[0]
    assert "2 parts have files of their own." in page
    assert f'href="/runs/{run.id}/parts"' in page


def test_a_run_that_was_not_split_says_nothing_of_parts(run: Run, viewer: Browser) -> None:
    a_file(run)
    assert f"/runs/{run.id}/parts" not in viewer.get(f"/runs/{run.id}").text
    assert "This run has no parts" in viewer.get(f"/runs/{run.id}/parts").text


def test_each_part_tells_its_rows_its_recipients_and_how_that_ended(
    run: Run, viewer: Browser
) -> None:
    a_part(run, "Marmara", rows=1234, to="ayse@example.com", state=DeliveryState.DELIVERED)
    a_part(run, "(nobody)", rows=2)
    why = "No address is known for “Ege”, so its rows went to nobody: 2."
    a_delivery(run, recipient="", part="Ege", state=DeliveryState.SUPPRESSED, reason=why)
    page = viewer.get(f"/runs/{run.id}/parts").text
    words = words_of(page)
    assert re.search(r"Marmara 1,234 \w+ ayse@example.com report-7-1234.csv", words)
    assert "without an address 2 nobody" in words
    assert why in words
    assert 'href="/runs/1/files/1"' in page


def test_a_hostile_part_is_only_text(run: Run, viewer: Browser) -> None:
    name = "<script>alert(1)</script>"
    a_delivery(run, recipient="", part=name, state=DeliveryState.SUPPRESSED)
    page = viewer.get(f"/runs/{run.id}/parts", query_string={"search": name}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_parts_are_found_by_their_name_and_by_their_recipient(run: Run, viewer: Browser) -> None:
    a_part(run, "İç Anadolu", to="can@example.com")
    a_part(run, "Marmara", to="ayse@example.com")
    for search, found in (("ic ana", "İç Anadolu"), ("CAN@", "İç Anadolu"), ("ayse", "Marmara")):
        words = words_of(viewer.get(f"/runs/{run.id}/parts", query_string={"search": search}).text)
        assert [name for name in ("İç Anadolu", "Marmara") if name in words] == [found]
    assert "No part fits" in viewer.get(f"/runs/{run.id}/parts?search=moon").text


def test_many_parts_come_page_by_page(run: Run, viewer: Browser) -> None:
    for number in range(PAGE + 1):
        a_delivery(run, recipient="", part=f"part {number:03}", state=DeliveryState.SUPPRESSED)
    first = viewer.get(f"/runs/{run.id}/parts").text
    assert "part 049" in first
    assert "part 050" not in first
    (more,) = re.findall(r'href="([^"]+)"[^>]*>Further parts', " ".join(first.split()))
    second = viewer.get(more.replace("&amp;", "&")).text
    assert "part 050" in second
    assert "part 049" not in second
    assert "Further parts" not in second


def test_parts_of_a_run_that_is_not_there_are_not_there(viewer: Browser) -> None:
    assert viewer.get("/runs/999/parts").status_code == 404


def test_a_guest_sees_no_parts(client: Browser) -> None:
    assert client.get("/runs/1/parts").status_code == 302


def test_the_page_of_a_run_shows_a_few_of_its_many_deliveries_and_the_failed_first(
    run: Run, viewer: Browser
) -> None:
    for number in range(40):
        failed = number == 39
        a_delivery(
            run,
            recipient=f"p{number:02}@example.com",
            state=DeliveryState.FAILED if failed else DeliveryState.DELIVERED,
        )
    page = viewer.get(f"/runs/{run.id}").text
    found = re.findall(r"p\d\d@example\.com", page)
    assert found[0] == "p39@example.com"
    assert "p30@example.com" not in found
