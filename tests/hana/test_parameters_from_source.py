"""What HANA tells about parameters, through its own client."""

import time
from collections.abc import Iterator
from datetime import date

import pytest

from tasks.errors import Invalid, JobError
from tasks.models import SourceKind
from tasks.reports.binding import bind
from tasks.reports.choice_lists import SECONDS, find_choices, forget_choices
from tasks.reports.choice_presets import QUERIES, Preset
from tasks.reports.chosen import chosen_values
from tasks.reports.parameters import ParameterDefinition, ParameterType, Value, accept, resolve
from tasks.reports.posting_periods import read_periods
from tests.hana.test_source import a_source
from tests.support.choices import end_reading
from tests.support.factories import a_hana_source
from tests.support.hana import READER, Hana
from tests.unit.demo.conftest import UNTIL


def looked_up(hana: Hana, preset: Preset, given: object) -> Value:
    one = ParameterDefinition(
        name="p", type=ParameterType.MULTI_CHOICE_SQL, sql=QUERIES[preset], required=False
    )
    values = resolve([one], accept([one], {"p": given}), meant=date(2026, 3, 16))
    return chosen_values(a_source(hana), SourceKind.HANA, [one], values)["p"]


def test_the_posting_periods_of_a_company_come_through_hana(hana: Hana) -> None:
    period = read_periods(a_source(hana)).holding(UNTIL)
    assert (period.first, period.last.month) == (UNTIL.replace(day=1), UNTIL.month)


def test_what_was_chosen_is_bound_as_hana_has_it(hana: Hana) -> None:
    chosen = looked_up(hana, Preset.SALES_PERSON, "3, 1")
    assert chosen == (3, 1)
    sql, bound = bind('SELECT COUNT(*) FROM "OSLP" WHERE "SlpCode" IN (:p)', {"p": chosen})
    with a_source(hana).query(sql, bound) as result:
        assert [tuple(row) for batch in result.batches() for row in batch] == [(2,)]


def test_all_customers_are_read_in_batches(hana: Hana) -> None:
    customers = looked_up(hana, Preset.CUSTOMER, "")
    assert isinstance(customers, tuple)
    assert len(customers) == 400


def test_a_supplier_is_no_customer(hana: Hana) -> None:
    with pytest.raises(Invalid, match="is not among the choices"):
        looked_up(hana, Preset.CUSTOMER, "320.01.0000001")


@pytest.fixture
def searched(database: str, hana: Hana) -> Iterator[Hana]:
    """A HANA among the sources, whose choices nobody has asked for yet."""
    a_hana_source(hana.port, password=READER[1])
    forget_choices()
    yield hana
    hana.reset()
    end_reading()


def test_a_search_finds_customers_of_hana_by_name(searched: Hana) -> None:
    found = find_choices("hana", QUERIES[Preset.CUSTOMER], "ISIK ev")
    assert found.problem is None
    assert found.choices
    assert all("Işık Ev" in one.label for one in found.choices)


@pytest.mark.parametrize(("moment", "act"), [("execute", "silence"), ("authenticate", "silence")])
def test_who_types_waits_a_few_seconds_for_a_hana_that_is_silent(
    searched: Hana, moment: str, act: str
) -> None:
    searched.fault(moment, act, times=0)
    began = time.monotonic()
    assert isinstance(find_choices("hana", QUERIES[Preset.CUSTOMER], "a").problem, JobError)
    assert time.monotonic() - began < SECONDS + 10  # the query itself may take 20
