"""No name in a list is longer than the name of a column, or of a choice, can be."""

from typing import Any

import pytest
from pydantic import ValidationError

from tasks.problems import problems_of
from tasks.reports.named import LONGEST_COLUMN
from tasks.reports.parameters.definition import LONGEST_CHOICE, ParameterDefinition
from tasks.reports.settings import ReportSettings

LEAST = {"source": "demo", "sql": 'SELECT "A" FROM "T"'}


def settings_with(path: str, name: str) -> dict[str, Any]:
    """Return the settings of a report whose list at the path holds the name."""
    by_path: dict[str, dict[str, Any]] = {
        "totals": {"totals": [name]},
        "looks.groups": {"looks": {"groups": [name]}},
        "mail.figures": {"mail": {"figures": [name]}},
        "condition.keys": {"condition": {"kind": "new_rows", "keys": [name]}},
        "difference.keys": {"difference": {"keys": [name]}},
        "charts.0.values": {"charts": [{"label": "A", "values": [name]}]},
    }
    return LEAST | by_path[path]


LISTS = (
    "totals",
    "looks.groups",
    "mail.figures",
    "condition.keys",
    "difference.keys",
    "charts.0.values",
)


@pytest.mark.parametrize("path", LISTS)
def test_a_name_that_no_column_can_have_is_refused_where_it_stands(path: str) -> None:
    ReportSettings.model_validate(settings_with(path, "Ş" * LONGEST_COLUMN))
    with pytest.raises(ValidationError) as refused:
        ReportSettings.model_validate(settings_with(path, "Ş" * (LONGEST_COLUMN + 1)))
    [problem] = problems_of(refused.value)
    assert problem.field == f"{path}.0"
    assert problem.message == f"This is too long: at most {LONGEST_COLUMN} characters."


def test_a_choice_has_a_length_too() -> None:
    given = {"name": "region", "type": "choice"}
    ParameterDefinition.model_validate(given | {"choices": ["x" * LONGEST_CHOICE]})
    with pytest.raises(ValidationError) as refused:
        ParameterDefinition.model_validate(given | {"choices": ["x" * (LONGEST_CHOICE + 1)]})
    [problem] = problems_of(refused.value)
    assert problem.field == "choices.0"
