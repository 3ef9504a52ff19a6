"""What HANA tells about parameters, through its own client."""

from datetime import date

import pytest

from tasks.errors import Invalid
from tasks.models import SourceKind
from tasks.reports.binding import bind
from tasks.reports.choice_presets import QUERIES, Preset
from tasks.reports.chosen import chosen_values
from tasks.reports.parameters import ParameterDefinition, ParameterType, Value, accept, resolve
from tasks.reports.posting_periods import read_periods
from tests.hana.test_source import a_source
from tests.support.hana import Hana
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
