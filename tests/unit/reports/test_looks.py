"""What an author may say about looks, and what is refused in words."""

from typing import Any

import pytest

from tasks.errors import Invalid
from tasks.reports.looks.codes import check_code
from tasks.reports.looks.settings import Looks
from tasks.reports.render import Layout
from tasks.reports.render.looks import TableLooks


@pytest.mark.parametrize(
    "code",
    [
        "General", "0", "#,##0.00", "0.00%", "0.00E+00", '#,##0.0 "kg"', "#,##0.00 ₺",
        "#,##0;[Red]-#,##0;0;@", "[>=1000]#,##0;0", "dd.mm.yyyy", "dd/mm/yyyy hh:mm", "[h]:mm:ss",
        "[$₺-41F] #,##0.00", "[$-tr]dd mmmm yyyy".replace("-tr", "-41F"), "@", r"0\x", "_(0_)",
        "h:mm AM/PM", "(#,##0.00)", '"&<>"0',
    ],
)  # fmt: skip
def test_a_format_that_excel_takes_is_taken(code: str) -> None:
    check_code(code, field="code")


@pytest.mark.parametrize(
    "code",
    [
        "", "  ", '0 "kg', "0 kg", "[Redd]0", "[0", "]", "0;0;0;0;0", "0 dd", "@0", "=1+1|calc",
        "0\x00", "0\n0", "[$" + "x" * 20 + "]0", "yyyyyy z", "<script>", "{{ 7*7 }} x", "\\",
    ],
)  # fmt: skip
def test_a_format_that_excel_would_repair_is_refused(code: str) -> None:
    with pytest.raises(Invalid):
        check_code(code, field="code")


@pytest.mark.parametrize(
    ("looks", "field"),
    [
        ({"columns": [{"name": "a"}, {"name": "a"}]}, "looks.columns.1.name"),
        ({"columns": [{"name": "a", "shown": "code"}]}, "looks.columns.0.code"),
        ({"columns": [{"name": "a", "code": "0"}]}, "looks.columns.0.code"),
        ({"rules": [{"column": "a", "operator": "less"}]}, "looks.rules.0.value"),
        ({"rules": [{"column": "a", "operator": "between", "value": "1"}]}, "looks.rules.0.upper"),
        ({"rules": [{"column": "a", "operator": "empty", "value": "1"}]}, "looks.rules.0.value"),
        ({"groups": ["a", "a"]}, "looks.groups"),
    ],
)
def test_what_contradicts_itself_is_told_beside_its_control(
    looks: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        Looks.model_validate(looks)
    assert refused.value.field == field


def test_nothing_said_is_as_usual() -> None:
    assert Looks().model_dump(mode="json") == {
        "above": [],
        "groups": [],
        "columns": [],
        "rules": [],
    }


def test_a_part_of_a_report_is_called_so_above_its_rows_too() -> None:
    looks = TableLooks(above=("Sales", "Source: SAP"))
    assert Layout("Sales", looks=looks).titled("Sales – North").looks.above == (
        "Sales – North",
        "Source: SAP",
    )
    assert Layout("Sales").titled("Sales – North").looks.above == ()
