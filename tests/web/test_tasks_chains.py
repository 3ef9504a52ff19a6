"""What runs after a task: the rows of its form, and what its page shows of them."""

from typing import Any

import pytest

from tasks.chains import ChainContent, chains_of
from tasks.db import reading
from tasks.models import Role
from tests.support.factories import a_source, a_task
from tests.web.conftest import Browser, LoginAs
from tests.web.runs_support import PARTIAL
from tests.web.test_tasks_editing import EDIT, FILLED, a_row, the_task

ASKS: list[dict[str, Any]] = [
    {"name": "until", "type": "date", "label": "Until", "required": True},
    {"name": "limit", "type": "integer", "label": "Limit", "required": False},
]
CHAIN = {
    "chains-0-on": "success",
    "chains-0-task": "orders",
    "chains-0-from-until": "parameter:day",
    "chains-0-value-until": "",
    "chains-0-from-limit": "value",
    "chains-0-value-limit": "50",
}


@pytest.fixture
def author(login_as: LoginAs) -> Browser:
    a_source()
    a_task("orders", title="Orders", parameters=ASKS)
    a_task()
    return login_as(Role.AUTHOR)


def kept() -> list[ChainContent]:
    with reading() as session:
        return chains_of(session, session.merge(the_task("a-report")))


def save(author: Browser, **values: Any) -> Any:
    return author.submit(EDIT, **FILLED | a_row() | {"version": "1"} | values)


def test_a_chain_is_kept_with_where_its_parameters_come_from(author: Browser) -> None:
    assert save(author, **CHAIN).status_code == 303
    (chain,) = kept()
    assert (chain.on, chain.task) == ("success", "orders")
    assert chain.kept() == {"until": {"from": "day"}, "limit": {"value": "50"}}
    page = " ".join(author.get(EDIT).text.split())
    assert '<option value="orders" selected' in page
    assert '<option value="parameter:day" selected' in page
    assert 'value="50"' in page


def test_more_chains_than_a_task_may_have_are_refused_and_none_is_dropped(author: Browser) -> None:
    slugs = [f"next-{number}" for number in range(21)]
    for slug in slugs:
        a_task(slug)
    rows = {f"chains-{number}-task": slug for number, slug in enumerate(slugs)}
    ends = {f"chains-{number}-on": "success" for number in range(21)}
    answer = save(author, **rows, **ends)
    assert answer.status_code == 422
    assert "At most 20 tasks can follow a task." in answer.text
    assert '<option value="next-20" selected' in " ".join(answer.text.split())
    assert kept() == []


def test_both_pages_of_a_chain_show_it(author: Browser) -> None:
    save(author, **CHAIN)
    assert 'href="/tasks/orders"' in author.get("/tasks/a-report").text
    before = " ".join(author.get("/tasks/orders").text.split())
    assert "It runs after the success of" in before
    assert 'href="/tasks/a-report"' in before


def test_a_change_of_something_else_keeps_the_chains(author: Browser) -> None:
    save(author, **CHAIN)
    page = author.get(EDIT).text
    assert "chains-0-task" in page
    answer = save(author, **CHAIN | {"version": "2", "title": "Another"})
    assert answer.status_code == 303
    assert len(kept()) == 1


def test_a_row_without_a_task_is_left_out(author: Browser) -> None:
    second = {name.replace("chains-0", "chains-3"): value for name, value in CHAIN.items()}
    answer = save(author, **{"chains-0-on": "success", "chains-0-task": ""} | second)
    assert answer.status_code == 303
    assert [chain.task for chain in kept()] == ["orders"]


@pytest.mark.parametrize(
    ("values", "control", "sentence"),
    [
        ({"chains-0-from-until": ""}, "chains-0-from-until", "Until is missing."),
        ({"chains-0-from-until": "run:rows"}, "chains-0-from-until", "cannot take this fact"),
        ({"chains-0-from-until": "parameter:x"}, "chains-0-from-until", "no parameter “x”"),
        ({"chains-0-value-limit": "few"}, "chains-0-from-limit", "is not a whole number"),
        ({"chains-0-task": "nowhere"}, "chains-0-task", "There is no task “nowhere”"),
        ({"chains-0-task": "a-report"}, "chains-0-task", "This would never end"),
    ],
)
def test_what_is_wrong_with_a_chain_stands_beside_it(
    author: Browser, values: dict[str, str], control: str, sentence: str
) -> None:
    answer = save(author, **CHAIN | values)
    assert answer.status_code == 422
    beside = answer.text.split(f'id="error-{control}"')
    assert len(beside) == 2, control
    assert sentence in beside[1].split("</p>")[0]
    assert kept() == []


def test_a_circle_is_named(author: Browser) -> None:
    save(author, **CHAIN)
    back = {"chains-0-on": "failure", "chains-0-task": "a-report", "version": "1"}
    sent = FILLED | {"title": "Orders"} | back
    answer = author.submit("/tasks/orders/edit", **sent | {"chains-0-from-day": "value"})
    assert answer.status_code == 422
    assert "Orders → Şubat Çıkışları → Orders" in answer.text


def test_an_error_in_a_later_row_stands_in_that_row(author: Browser) -> None:
    empty = {"chains-0-on": "success", "chains-0-task": ""}
    wrong = {"chains-1-on": "success", "chains-1-task": "nowhere"}
    answer = save(author, **empty | wrong)
    assert 'id="error-chains-1-task"' in answer.text


def test_choosing_a_task_shows_what_it_asks_for(author: Browser) -> None:
    sent = {"chains-0-on": "success", "chains-0-task": "orders", "show_chain": "1"}
    answer = save(author, headers=PARTIAL, **sent)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="chain-rows"' in answer.text
    page = " ".join(answer.text.split())
    until = page.split('name="chains-0-from-until"')[1].split("</select>")[0]
    for choice in ('value="parameter:day"', 'value="run:scheduled_for"', 'value="value"'):
        assert choice in until
    assert 'value="run:rows"' not in until
    assert 'value="run:rows"' in page.split('name="chains-0-from-limit"')[1]
    assert the_task("a-report").version == 1


def test_another_task_takes_the_controls_of_the_one_before_away(author: Browser) -> None:
    a_task("other", title="Other")
    answer = save(author, **CHAIN | {"chains-0-task": "other"})
    assert answer.status_code == 303
    assert kept()[0].kept() == {}


def test_buttons_add_and_remove_rows_and_lose_nothing(author: Browser) -> None:
    answer = save(author, **CHAIN | {"add_chain": "1"})
    assert answer.status_code == 200
    assert 'name="chains-1-task"' in answer.text
    assert 'value="Şubat Çıkışları"' in answer.text
    assert 'value="50"' in answer.text
    answer = save(author, **CHAIN | {"remove_chain": "0"})
    assert 'name="chains-0-task"' not in answer.text


def test_a_task_is_not_offered_as_its_own_next(author: Browser) -> None:
    answer = save(author, add_chain="1", headers=PARTIAL)
    assert '<option value="a-report"' not in " ".join(answer.text.split())
    assert '<option value="orders"' in " ".join(answer.text.split())


def test_a_copy_takes_the_chains_along(author: Browser) -> None:
    save(author, **CHAIN)
    page = " ".join(author.get("/tasks/new?copy=a-report").text.split())
    assert '<option value="orders" selected' in page


def test_a_task_without_chains_shows_none(author: Browser) -> None:
    assert 'id="chains"' not in author.get("/tasks/a-report").text
