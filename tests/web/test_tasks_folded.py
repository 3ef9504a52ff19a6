"""The folded parts of a report's form: closed, with a few words on what each of them holds."""

import re
from typing import Any

import pytest

from tasks.models import Role
from tests.support.factories import a_source, a_task
from tests.web.conftest import LoginAs
from tests.web.test_tasks_editing import FILLED

SET = {
    "looks": (
        {"groups": ["Region"], "columns": [{"name": "Net"}]},
        "Sums for each Region · 1 column",
    ),
    "sheets": ([{"title": "Open", "sql": "SELECT 1 FROM DUMMY"}], "1 further query"),
    "charts": ([{"kind": "bar", "label": "Region", "values": ["Net"]}], "1 chart"),
    "mail": (
        {"cc": ["cfo@example.com"], "attach": "link"},
        "CC: cfo@example.com · The files come: As",
    ),
    "burst": (
        {"column": "Region", "address_from": "lines", "lines": ["Ege = a@example.com"]},
        "Split by the column: Region · The list below",
    ),
    "condition": ({"kind": "rows"}, "only if there are rows"),
    "difference": ({"keys": ["DocEntry"]}, "rows are known again by DocEntry"),
    "channels": ([{"channel": "gone", "name": ""}], "gone"),
}


def said_in(form: str) -> list[str]:
    return re.findall(r'class="rarely__said">([^<]*)<', form)


@pytest.fixture(autouse=True)
def _source(app: object) -> None:
    a_source()


@pytest.mark.parametrize("name", SET)
def test_a_part_says_what_is_set_in_it_and_stays_closed(login_as: LoginAs, name: str) -> None:
    kept, words = SET[name]
    a_task("sales", settings={"source": "demo", "sql": "SELECT 1", name: kept})
    form = login_as(Role.EDITOR).get("/tasks/sales/edit").text
    assert any(words in said for said in said_in(form))
    assert not re.search(r"<details[^>]*section-[^>]* open", form)


def test_a_part_in_which_nothing_is_set_says_nothing(login_as: LoginAs) -> None:
    a_task("sales", settings={"source": "demo", "sql": "SELECT 1"})
    assert said_in(login_as(Role.EDITOR).get("/tasks/sales/edit").text) == ["always"]


@pytest.mark.parametrize(
    ("section", "typed"),
    [
        ("condition", {"condition-kind": "threshold", "condition-limit": "many"}),
        ("mail-ways", {"mail-cc": "nobody"}),
        ("difference", {"difference-keys": "DocEntry"}),
        ("sheets", {"pdf_max_rows": "-3"}),
        ("mail-looks", {"mail-rows": "4000"}),
    ],
)
def test_a_part_with_something_wrong_in_it_is_open(
    login_as: LoginAs, section: str, typed: dict[str, Any]
) -> None:
    author = login_as(Role.AUTHOR)
    answer = author.submit("/tasks", page="/tasks/new?job=report", **FILLED | typed)
    assert answer.status_code == 422
    opened = re.findall(r'id="section-([a-z-]+)"\s+open', answer.text)
    assert opened == [section]
