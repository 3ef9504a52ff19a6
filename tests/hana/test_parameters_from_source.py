"""What HANA tells about parameters, through its own client."""

from tasks.reports.posting_periods import read_periods
from tests.hana.test_source import a_source
from tests.support.hana import Hana
from tests.unit.demo.conftest import UNTIL


def test_the_posting_periods_of_a_company_come_through_hana(hana: Hana) -> None:
    period = read_periods(a_source(hana)).holding(UNTIL)
    assert (period.first, period.last.month) == (UNTIL.replace(day=1), UNTIL.month)
