"""What a condition says of the figures of a run, where numbers stand on the edge."""

from decimal import Decimal

import pytest

from tasks.reports.conditions.settings import ConditionKind, ConditionSettings, Measure, Operator
from tasks.reports.conditions.verdict import Standing, verdict
from tasks.reports.figures import Figure, Figures
from tasks.rows import ColumnKind


def standing(total: str, rows: int = 1, digest: str = "") -> Standing:
    figure = Figure(ColumnKind.DECIMAL, rows, Decimal(total))
    return Standing(Figures(rows, {"A": figure}), digest, 7)


def threshold(measure: Measure, operator: Operator, limit: str) -> ConditionSettings:
    kind = ConditionKind.THRESHOLD
    return ConditionSettings(
        kind=kind, measure=measure, column="A", operator=operator, limit=Decimal(limit)
    )


@pytest.mark.parametrize(
    ("before", "now", "operator", "limit", "send"),
    [
        ("3", "4", Operator.AT_LEAST, "33.333333333333333333333333333333333", True),
        ("3", "4", Operator.AT_LEAST, "33.333333333333333333333333333333334", False),
        ("-100", "-90", Operator.AT_LEAST, "10", True),
        ("-100", "-110", Operator.AT_MOST, "-10", True),
        ("0", "0", Operator.MORE, "0", False),
        ("0", "0", Operator.AT_LEAST, "0", True),
        ("0", "0.01", Operator.MORE, "1E+30", True),
        ("0", "0.01", Operator.LESS, "-1", False),
        ("0", "-0.01", Operator.LESS, "-1E+30", True),
        ("1E+30", "1000000000000000000000000000001", Operator.MORE, "0", True),
    ],
)
def test_a_change_is_compared_as_a_fraction(
    before: str, now: str, operator: Operator, limit: str, send: bool
) -> None:
    condition = threshold(Measure.CHANGE, operator, limit)
    assert verdict(condition, standing(now), standing(before)).send is send


def test_a_sum_is_compared_digit_by_digit() -> None:
    condition = threshold(Measure.SUM, Operator.MORE, "12345678901234567890123456789012345.67")
    assert not verdict(condition, standing("12345678901234567890123456789012345.67"), None).send
    assert verdict(condition, standing("12345678901234567890123456789012345.68"), None).send


def test_a_run_of_before_digests_were_made_is_another_one() -> None:
    condition = ConditionSettings(kind=ConditionKind.CHANGED)
    assert verdict(condition, standing("1", digest="a"), standing("1", digest="")).send
    assert not verdict(condition, standing("1", digest="a"), standing("1", digest="a")).send
