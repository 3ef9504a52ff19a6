"""What a task may say about who gets which rows."""

from typing import Any

import pytest

from tasks.authorship import adds_further_query, further_queries
from tasks.definitions import content_of
from tasks.errors import Invalid
from tasks.reports.bursting.lines import MOST_ADDRESSES, MOST_LINES, book_of, checked_lines
from tasks.reports.bursting.presets import QUERIES
from tasks.reports.bursting.settings import BurstSettings
from tasks.reports.settings import ReportSettings

LEAST = {"source": "demo", "sql": "SELECT 1 AS A FROM DUMMY"}


def test_a_task_without_it_splits_nothing() -> None:
    assert ReportSettings.model_validate(LEAST).burst is None


def test_lines_are_kept_in_one_way_of_writing() -> None:
    given = ["Marmara=a@x.com;b@x.com , a@x.com", "  İç Anadolu  =  c@x.com", "A=B = d@x.com"]
    kept = ["Marmara = a@x.com, b@x.com", "İç Anadolu = c@x.com", "A=B = d@x.com"]
    assert checked_lines(given) == kept == checked_lines(kept)
    assert book_of(kept)["A=B"] == ["d@x.com"]


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["Marmara a@x.com"], "Line 1: write the value"),
        (["ok = a@x.com", "= a@x.com"], "Line 2: write the value"),
        (["Marmara ="], "Line 1: write the value"),
        (["A=B=c@x.com"], "Line 1: write the value"),
        (["A = B = c@x.com"], "Line 1: write the value"),
        (["A = ayse"], "Line 1: “ayse” is not a mail address."),
        (["A = a@x.com\rBcc:b@x.com"], "Line 1: “Bcc:b@x.com” is not"),
        (["A = a@x.com", "A = b@x.com"], "Line 2: there is a line for “A” already."),
        (["A = " + ",".join(f"a{n}@x.com" for n in range(MOST_ADDRESSES + 1))], "at most 100"),
    ],
)
def test_a_line_that_nobody_can_read_is_refused_with_its_number(
    lines: list[str], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence.replace("(", r"\(")) as refused:
        checked_lines(lines)
    assert refused.value.field == "burst.lines"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "burst.address_column"),
        ({"address_from": "lines"}, "burst.lines"),
        ({"address_from": "query", "query": "  "}, "burst.query"),
        ({"address_from": "moon"}, "burst.address_from"),
        ({"address_column": "E", "column": ""}, "burst.column"),
        ({"address_column": "E", "catch_all": ["nobody"]}, "burst.catch_all"),
        (
            {"address_from": "lines", "lines": [f"{n} = a@x.com" for n in range(MOST_LINES + 1)]},
            "burst.lines",
        ),
    ],
)
def test_what_is_missing_is_said_beside_its_control(given: dict[str, Any], field: str) -> None:
    wanted = LEAST | {"burst": {"column": "Region"} | given}
    with pytest.raises(Invalid) as refused:
        content_of(slug="a", title="A", settings=wanted)
    assert refused.value.field == field


def test_a_query_may_ask_only_for_parameters_of_the_task() -> None:
    burst = {"column": "R", "address_from": "query", "query": "SELECT A, B FROM T WHERE C = :who"}
    with pytest.raises(Invalid, match=":who") as refused:
        content_of(slug="a", title="A", settings=LEAST | {"burst": burst})
    assert refused.value.field == "burst.query"


def test_other_sql_than_the_ready_one_is_an_authors() -> None:
    ready = next(iter(QUERIES.values()))
    own = {"burst": {"query": "SELECT 1, 2 FROM DUMMY"}, "sheets": [{"sql": "SELECT 3 FROM DUMMY"}]}
    assert not adds_further_query({"burst": {"query": ready.replace("\n", "\r\n")}}, {})
    assert adds_further_query(own, {})
    assert not adds_further_query(own, own)
    assert list(further_queries(own)) == ["sheets.0.sql", "burst.query"]
    assert further_queries({"burst": None}) == {}


@pytest.mark.parametrize("query", QUERIES.values())
def test_the_ready_queries_only_read(query: str) -> None:
    from tasks.models import SourceKind
    from tasks.reports.checked import check_at_save

    check_at_save(query, kind=SourceKind.HANA)
    assert BurstSettings(column="SlpCode", address_from="query", query=query).query == query
