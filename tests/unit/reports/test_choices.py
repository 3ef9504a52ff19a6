"""Choices of a query: read from its rows, found by a search, and looked up when a run begins."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.models import SourceKind
from tasks.reports.binding import bind
from tasks.reports.choice_presets import QUERIES, Preset
from tasks.reports.choices import choices_in, matching, text_of
from tasks.reports.chosen import MOST_AT_ONCE, chosen_values
from tasks.reports.guard import check
from tasks.reports.parameters import ParameterDefinition, ParameterType, Value, accept, resolve
from tasks.sources.duckdb import DuckDBSource

DAY = date(2026, 3, 16)
ROWS = [
    ("C1", "İstanbul Ağaç İşleri", "İstanbul"),
    ("C2", "Isparta Gül", "Isparta"),
    ("C3", "Deniz Mobilya", "İzmir"),
    ("C30", "Çınar Ahşap", None),
]


def found(search: str) -> list[str]:
    return [one.value for one in matching(choices_in(ROWS), search)]


@pytest.mark.parametrize(
    ("search", "values"),
    [
        ("", ["C1", "C2", "C3", "C30"]),
        ("is", ["C1", "C2"]),
        ("İS", ["C1", "C2"]),
        ("IS", ["C1", "C2"]),
        ("ıs", ["C1", "C2"]),
        ("izmir", ["C3"]),
        ("mobilya deniz", ["C3"]),
        ("cinar", ["C30"]),
        ("c3", ["C3", "C30"]),
        ("  c30 ", ["C30"]),
        ("nobody", []),
        ("%", []),
        ("' OR 1=1 --", []),
    ],
)
def test_a_search_minds_neither_case_nor_turkish_letters(search: str, values: list[str]) -> None:
    assert found(search) == values


def test_what_begins_with_the_search_comes_first() -> None:
    choices = choices_in([("9", "Old pine"), ("8", "Pine"), ("pine", "Zebra")])
    assert [one.value for one in matching(choices, "pine")] == ["pine", "8", "9"]


def test_a_value_is_a_choice_once_and_null_is_none() -> None:
    choices = choices_in([("a", "A"), (None, "nothing"), ("a", "again"), (" ", "blank"), (7,)])
    assert [(one.value, one.label) for one in choices] == [("a", "A"), ("7", "")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("7.000000"), "7"),
        (Decimal("7.50"), "7.5"),
        (Decimal("100"), "100"),
        (-1, "-1"),
        (date(2026, 1, 31), "2026-01-31"),
        (" 01 ", "01"),
        (None, ""),
    ],
)
def test_a_value_is_shown_as_it_is_typed(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.fixture
def source(tmp_path: Path) -> DuckDBSource:
    path = tmp_path / "company.duckdb"
    with duckdb.connect(path) as company:
        company.execute("CREATE SCHEMA SBODEMOTR")
        company.execute("USE SBODEMOTR")
        company.execute(
            """CREATE TABLE "OSLP" AS SELECT range::INT - 1 AS "SlpCode",
            'Person ' || range AS "SlpName", NULL AS "Email" FROM range(12)"""
        )
    return DuckDBSource(path)


def a_choice(**values: object) -> ParameterDefinition:
    given = {"name": "p", "type": "choice_sql", "sql": QUERIES[Preset.SALES_PERSON]}
    return ParameterDefinition.model_validate(given | values)


def looked_up(source: DuckDBSource, one: ParameterDefinition, given: object) -> Value:
    values = resolve([one], accept([one], {"p": given}), meant=DAY)
    return chosen_values(source, SourceKind.DUCKDB, [one], values)["p"]


def test_a_number_is_bound_as_the_source_has_it(source: DuckDBSource) -> None:
    value = looked_up(source, a_choice(), "7")
    assert value == 7
    sql, bound = bind('SELECT "SlpName" FROM "OSLP" WHERE "SlpCode" = :p', {"p": value})
    with source.query(sql, bound) as result:
        assert [row for batch in result.batches() for row in batch] == [("Person 8",)]


def test_several_keep_the_order_in_which_they_were_typed(source: DuckDBSource) -> None:
    one = a_choice(type="multi_choice_sql")
    assert looked_up(source, one, "7, -1,3, 7") == (7, -1, 3)
    assert looked_up(source, one, ["3", "5"]) == (3, 5)


@pytest.mark.parametrize("given", ["99", "Person 3", "1 OR 1=1", "'; DROP TABLE OSLP; --"])
def test_what_is_not_among_the_choices_is_refused_at_the_run(
    source: DuckDBSource, given: str
) -> None:
    with pytest.raises(Invalid, match="p: .* is not among the choices") as refused:
        looked_up(source, a_choice(), given)
    assert refused.value.field == "parameters.p"


def test_one_of_several_that_is_unknown_is_named(source: DuckDBSource) -> None:
    with pytest.raises(Invalid, match="“42” is not among"):
        looked_up(source, a_choice(type="multi_choice_sql"), "3, 42")


def test_none_of_several_is_all_of_them(source: DuckDBSource) -> None:
    everybody = looked_up(source, a_choice(type="multi_choice_sql", required=False), "")
    assert isinstance(everybody, tuple)
    assert set(everybody) == set(range(-1, 11))


def test_all_of_too_many_cannot_be_meant(source: DuckDBSource, tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "company.duckdb") as company:
        company.execute(
            f"""INSERT INTO SBODEMOTR."OSLP" SELECT range + 100, 'x', NULL
            FROM range({MOST_AT_ONCE})"""
        )
    with pytest.raises(Invalid, match="more than 5000 choices"):
        looked_up(source, a_choice(type="multi_choice_sql", required=False), "")


def test_one_that_may_be_left_out_asks_nobody(tmp_path: Path) -> None:
    assert looked_up(DuckDBSource(tmp_path / "gone"), a_choice(required=False), "") is None


def test_a_wrong_query_is_told_as_that_of_the_choices(source: DuckDBSource) -> None:
    with pytest.raises(JobError, match=r"p: its choices cannot be read\. Line 1") as refused:
        looked_up(source, a_choice(sql='SELECT "Nothing" FROM "OSLP"'), "1")
    assert refused.value.kind is ErrorKind.SQL


def test_a_query_that_does_more_than_read_is_never_sent(source: DuckDBSource) -> None:
    with pytest.raises(JobError, match="its choices cannot be read"):
        looked_up(source, a_choice(sql="DELETE FROM OSLP"), "1")


def test_a_source_that_is_away_keeps_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(JobError) as refused:
        looked_up(DuckDBSource(tmp_path / "gone.duckdb"), a_choice(), "1")
    assert (refused.value.kind, refused.value.transient) == (ErrorKind.SOURCE_UNREACHABLE, True)


def test_the_promise_checks_the_type_only() -> None:
    assert accept([a_choice()], {"p": " anything "}) == {"p": "anything"}
    one = a_choice(type="multi_choice_sql")
    assert accept([one], {"p": "a,b"}) == {"p": ["a", "b"]}
    with pytest.raises(Invalid, match="At most 200"):
        accept([one], {"p": [str(number) for number in range(201)]})
    with pytest.raises(Invalid, match="p is missing"):
        accept([one], {"p": ","})


@pytest.mark.parametrize("type", [ParameterType.CHOICE_SQL, ParameterType.MULTI_CHOICE_SQL])
def test_a_choice_of_a_query_needs_its_query(type: ParameterType) -> None:
    with pytest.raises(Invalid, match="give the query of its choices") as refused:
        ParameterDefinition(name="p", type=type)
    assert refused.value.field == "parameters.p.sql"


@pytest.mark.parametrize("preset", Preset)
def test_a_ready_query_is_one_that_only_reads_and_gives_choices(
    preset: Preset, company_file: Path
) -> None:
    assert check(QUERIES[preset], parameters=[]).problems == ()
    with DuckDBSource(company_file).query(QUERIES[preset], ()) as read:
        choices = choices_in(row for batch in read.batches() for row in batch)
    assert len(choices) >= 6
    assert all(one.label for one in choices)
