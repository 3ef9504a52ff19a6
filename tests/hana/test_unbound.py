"""Whatever a person gives, HANA gets the author's text and the values apart from it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from tasks.errors import Invalid
from tasks.jobs.registry import find_job
from tasks.reports.parameters import ParameterDefinition, accept
from tests.support.factories import a_hana_source
from tests.support.hana import READER, Hana
from tests.support.jobs import a_context

PIECES = [
    "'", '"', ";", "--", "/*", "*/", "?", ":a", ":k", "\\", "\n", "\r\n", "{schema}", "[%0]", "$1",
    " OR 1=1 ", "'; DROP TABLE OINV; --", "ı", "İ", "ß", "😀", "\u202e", "\u2028", "\ufeff", "%",
]  # fmt: skip
HOSTILE = st.lists(
    st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
    max_size=10,
).map("".join)
ONE = HOSTILE.map(str.strip).filter(bool)
SEVERAL = st.lists(
    ONE.filter(lambda one: not {",", "\n"} & set(one)), min_size=1, max_size=4, unique=True
)
SQL = """SELECT "CardCode" AS ":a" /* :k '{schema}' */
FROM {schema}."OCRD" WHERE "CardName" = :a OR "CardCode" IN (:k) OR "CardName" = ':a' -- :k
"""
TOLD = re.escape(
    SQL.replace("FROM {schema}.", 'FROM "SBODEMOTR".').replace("= :a ", "= ?  ")
).replace(re.escape("(:k)"), r"\((\?(, \?)*) *\)")
"""The one text that may reach the source: only the number of marks depends on what is given."""


@pytest.fixture
def production(sqlite_database: str, hana: Hana) -> Hana:
    a_hana_source(hana.port, password=READER[1])
    return hana


def definitions(choices: Sequence[str]) -> list[dict[str, Any]]:
    return [{"name": "a"}, {"name": "k", "type": "multi_choice", "choices": list(choices)}]


@given(text=ONE, choices=SEVERAL)
@chosen(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_is_ever_a_part_of_the_text(
    production: Hana, home: Path, text: str, choices: list[str]
) -> None:
    production.reset()
    defined = definitions(choices)
    models = [ParameterDefinition.model_validate(one) for one in defined]
    context = a_context(
        home / "made",
        settings={"source": "hana", "sql": SQL, "formats": ["csv"]},
        parameter_definitions=defined,
        parameters=accept(models, {"a": text, "k": choices}),
    )
    find_job("report").perform(context)
    asked = [one for one in production.status().statements if "OCRD" in one["sql"]]
    assert {one["how"] for one in asked} == {"prepare", "execute"}
    assert all(re.fullmatch(TOLD, one["sql"]) for one in asked)
    (values,) = [row for one in asked if one["how"] == "execute" for row in one["parameters"]]
    assert values == [text, *choices]


@given(bad=st.text(st.characters(categories=["Cs"]) | st.just("\0"), min_size=1), around=HOSTILE)
def test_what_no_database_can_keep_is_refused_before(bad: str, around: str) -> None:
    for name, value in (("a", f"x{around}{bad}{around}x"), ("k", [f"x{bad}"])):
        models = [ParameterDefinition.model_validate(one) for one in definitions(["x"])]
        with pytest.raises(Invalid):
            accept(models, {"a": "x", "k": ["x"]} | {name: value})
