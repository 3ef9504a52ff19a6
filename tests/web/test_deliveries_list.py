"""The page of deliveries: filters, pages by key, and its poll."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from tasks.kinds import ChannelKind
from tasks.models import DeliveryState, Role, RunState
from tasks.queries.deliveries import PAGE
from tests.support.factories import a_run, a_task
from tests.web.conftest import LoginAs
from tests.web.runs_support import PARTIAL, a_delivery, poll_of


def shown(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'<tr id="delivery-(\d+)"', page)]


def test_a_viewer_sees_the_newest_first_and_no_button(login_as: LoginAs) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    first = a_delivery(run, state=DeliveryState.DELIVERED, delivered_at=run.queued_at)
    second = a_delivery(run, recipient="can@acme.tr", state=DeliveryState.FAILED, error="550 No")
    page = login_as(Role.VIEWER).get("/deliveries").text
    assert shown(page) == [second.id, first.id]
    assert "550 No" in page
    assert "Send again" not in page


def test_nobody_sees_it_without_a_login(client: object, login_as: LoginAs) -> None:
    assert client.get("/deliveries").status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("state=failed", [1]),
        ("recipient=can@acme.tr", [1]),
        ("recipient=CAN@ACME.TR", [1]),
        ("recipient=acme", [1]),
        ("recipient=100%25", []),
        ("channel=folder", [2]),
        ("task=sales", [2]),
        ("from=2000-01-01&to=2100-01-01", [2, 1, 0]),
        ("from=2100-01-01", []),
        ("to=2001-01-01", []),
        ("state=nonsense&from=never&before=x", [2, 1, 0]),
        ("run=1", [1, 0]),
    ],
)
def test_the_filters_are_in_the_address(login_as: LoginAs, query: str, places: list[int]) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    made = [
        a_delivery(run),
        a_delivery(run, recipient="can@acme.tr", state=DeliveryState.FAILED),
        a_delivery(
            a_run(a_task("sales"), state=RunState.SUCCEEDED),
            recipient="Finance share",
            channel=ChannelKind.FOLDER,
        ),
    ]
    page = login_as(Role.VIEWER).get(f"/deliveries?{query}").text
    assert shown(page) == [made[place].id for place in places]


@pytest.mark.parametrize(
    "asked", ["ali.veli@firma.com", "Ali.Veli@Firma.com", "ALI.VELI@FIRMA.COM"]
)
def test_an_address_is_found_however_its_letters_are_written(login_as: LoginAs, asked: str) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    made = a_delivery(run, recipient="Ali.Veli@Firma.com", state=DeliveryState.FAILED, error="550")
    a_delivery(run, recipient="ali@firma.com")
    viewer = login_as(Role.VIEWER)
    assert shown(viewer.get(f"/deliveries?recipient={asked}").text) == [made.id]
    assert "It failed" in viewer.get(f"/deliveries/why?address={asked}").text


def test_days_are_whole_days_of_the_zone(login_as: LoginAs) -> None:
    """Istanbul is three hours ahead: 22:30 in Greenwich is half past one of the day after."""
    run = a_run(state=RunState.SUCCEEDED)
    ids = [
        a_delivery(
            run,
            recipient=f"r{day}-{hour}@acme.tr",
            created_at=datetime(2026, 3, day, hour, 30, tzinfo=UTC),
        ).id
        for day in range(1, 10)
        for hour in (3, 20, 22)
    ]
    viewer = login_as(Role.VIEWER)
    page = viewer.get("/deliveries?from=2026-03-04&to=2026-03-05").text
    assert shown(page)[::-1] == ids[8:14]
    assert shown(viewer.get("/deliveries?to=2026-03-01").text)[::-1] == ids[:2]


def test_pages_follow_each_other_by_key(login_as: LoginAs) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    ids = [a_delivery(run, recipient=f"r{n}@acme.tr").id for n in range(PAGE + 2)][::-1]
    viewer = login_as(Role.VIEWER)
    page = viewer.get("/deliveries").text
    assert shown(page) == ids[:PAGE]
    older = viewer.get(unescape(re.search(r'rel="next"\s+href="([^"]+)"', page)[1])).text  # type: ignore[index]
    assert shown(older) == ids[PAGE:]
    newer = viewer.get(unescape(re.search(r'rel="prev"\s+href="([^"]+)"', older)[1])).text  # type: ignore[index]
    assert shown(newer) == ids[:PAGE]


def test_the_poll_answers_only_where_something_changed(login_as: LoginAs) -> None:
    run = a_run(state=RunState.SUCCEEDED)
    a_delivery(run)
    viewer = login_as(Role.VIEWER)
    poll = poll_of(viewer.get("/deliveries").text, "delivery-rows")
    assert viewer.get(poll, headers=PARTIAL).status_code == 204
    newer = a_delivery(run, recipient="new@acme.tr")
    answer = viewer.get(poll, headers=PARTIAL)
    assert newer.id in shown(answer.text)


def test_words_of_a_recipient_are_no_markup(login_as: LoginAs) -> None:
    a_delivery(a_run(state=RunState.SUCCEEDED), recipient="<script>x</script>", reason="<b>y</b>")
    page = login_as(Role.VIEWER).get("/deliveries?recipient=%3Cscript%3E").text
    assert "<script>x" not in page
    assert "<b>y" not in page
