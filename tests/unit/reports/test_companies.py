"""Companies as parameters: which are offered, which are refused, and what is read with them."""

from typing import Any

import pytest

from tasks.errors import ErrorKind, Invalid, JobError
from tasks.models import Source, SourceKind
from tasks.reports.companies import Reading, first_company, offering, readings
from tasks.reports.meant import Meant
from tasks.reports.parameters import ParameterDefinition, accept, as_used, resolve
from tasks.reports.render import Language, Section
from tasks.sources.companies import companies_of, settings_in
from tests.unit.reports.test_parameter_types import AT


def a_source(*companies: str, schema: str = "SBODEMOTR") -> Source:
    return Source(
        slug="hana",
        title="Production",
        kind=SourceKind.HANA,
        settings={"schema": schema},
        companies=list(companies),
    )


def a_parameter(type: str = "company", **values: Any) -> ParameterDefinition:
    return ParameterDefinition.model_validate({"name": "c", "type": type} | values)


def kept(one: ParameterDefinition, given: object, source: Source) -> object:
    return accept(offering([one], source), {"c": given})["c"]


def read(one: ParameterDefinition, given: object, source: Source) -> list[Reading]:
    definitions = offering([one], source)
    values = resolve(definitions, accept(definitions, {"c": given}), meant=Meant(AT))
    return readings(definitions, values, source)


def test_the_list_of_the_source_is_offered_or_else_its_own_schema() -> None:
    assert companies_of(a_source("TR", "DE")) == ["TR", "DE"]
    assert companies_of(a_source()) == ["SBODEMOTR"]
    assert companies_of(a_source(schema="")) == []


@pytest.mark.parametrize("type", ["company", "companies"])
@pytest.mark.parametrize(
    "given", ["SYS", "tr", 'TR"."OINV" --', "TR; DROP", "'TR'", "SBODEMOTR", "{schema}"]
)
def test_a_name_that_is_not_on_the_list_is_refused_when_it_is_given(type: str, given: str) -> None:
    with pytest.raises(Invalid, match="is not a company that this report may read") as refused:
        kept(a_parameter(type), given, a_source("TR", "DE"))
    assert refused.value.field == "parameters.c"


@pytest.mark.parametrize("given", ["SYS", 'TR"."OINV" --', "tr", "SBODEMOTR"])
def test_the_source_itself_is_never_read_in_a_schema_that_is_not_on_its_list(given: str) -> None:
    with pytest.raises(JobError, match="is not allowed for the source “Production”") as refused:
        settings_in(a_source("TR", "DE"), given)
    assert refused.value.kind is ErrorKind.PARAMETER
    assert not refused.value.transient


def test_a_company_is_read_in_its_schema_and_none_in_the_sources_own() -> None:
    source = a_source("TR", "DE")
    assert settings_in(source, "DE")["schema"] == "DE"
    assert settings_in(source, "")["schema"] == "SBODEMOTR"
    assert source.settings == {"schema": "SBODEMOTR"}


@pytest.mark.parametrize("text", ['A"B', "A\nB", "A\0B", "A,B", "x" * 128])
def test_what_cannot_be_the_name_of_a_schema_is_no_company_even_if_nobody_knows_the_list(
    text: str,
) -> None:
    with pytest.raises(Invalid):
        a_parameter().parse(text)


def test_several_are_kept_each_once_in_the_order_of_the_list() -> None:
    one, source = a_parameter("companies"), a_source("TR", "DE", "FR")
    assert kept(one, "FR, TR, FR", source) == ["TR", "FR"]
    assert kept(one, ["DE"], source) == ["DE"]
    with pytest.raises(Invalid, match="missing"):
        kept(one, [], source)


def test_the_author_may_allow_fewer_than_the_source() -> None:
    one, source = a_parameter(choices=["DE", "OLD"]), a_source("TR", "DE")
    assert offering([one], source)[0].choices == ["DE"]
    with pytest.raises(Invalid):
        kept(one, "TR", source)


@pytest.mark.parametrize("type", ["company", "companies"])
@pytest.mark.parametrize("given", ["SECRET", "OLD"])
def test_where_the_source_has_none_of_those_that_the_author_allows_none_is_taken(
    type: str, given: str
) -> None:
    (one,) = offering([a_parameter(type, choices=["OLD"])], a_source("SECRET"))
    assert one.choices == []
    with pytest.raises(Invalid, match="is not a company that this report may read"):
        accept([one], {"c": given})
    with pytest.raises(Invalid, match="is not a company that this report may read"):
        resolve([one], {"c": [given] if type == "companies" else given}, meant=Meant(AT))
    with pytest.raises(Invalid, match="is not a company that this report may read"):
        accept(offering([a_parameter(type)], a_source(schema="")), {"c": given})


def test_all_of_those_that_the_author_allows_are_none_where_the_source_has_none_of_them() -> None:
    one = a_parameter("companies", required=False, choices=["OLD"])
    with pytest.raises(JobError, match="“Production” has no companies that this report may read"):
        read(one, [], a_source("SECRET"))


@pytest.mark.parametrize("type", ["company", "companies"])
def test_as_long_as_nobody_knows_the_list_any_name_is_taken(type: str) -> None:
    assert accept([a_parameter(type)], {"c": "ANY"})["c"] in ("ANY", ["ANY"])


def test_nothing_chosen_of_several_is_all_that_there_are_when_it_runs() -> None:
    one, source = a_parameter("companies", required=False), a_source("TR", "DE")
    assert kept(one, [], source) is None
    assert [each.company for each in read(one, [], source)] == ["TR", "DE"]
    assert as_used(offering([one], source)[0], None, Meant(AT)) == ["TR", "DE"]
    assert [each.company for each in read(one, [], a_source())] == ["SBODEMOTR"]


def test_all_of_none_are_refused_in_words() -> None:
    with pytest.raises(JobError, match="“Production” has no companies") as refused:
        read(a_parameter("companies", required=False), [], a_source(schema=""))
    assert refused.value.kind is ErrorKind.PARAMETER


def test_in_the_query_the_name_of_the_parameter_is_the_company_that_is_read() -> None:
    source = a_source("TR", "DE")
    several = read(a_parameter("companies"), "TR, DE", source)
    assert [each.values for each in several] == [{"c": "TR"}, {"c": "DE"}]
    (alone,) = read(a_parameter(), "DE", source)
    assert (alone.values, alone.company) == ({"c": "DE"}, "DE")
    (own,) = read(a_parameter(required=False), "", source)
    assert (own.values, own.company) == ({"c": "SBODEMOTR"}, "")


def test_only_several_companies_are_sections_of_a_file() -> None:
    source = a_source("TR", "DE")
    (alone,) = read(a_parameter(), "DE", source)
    assert alone.section(Language.ENGLISH) is None
    first, _ = read(a_parameter("companies"), "TR, DE", source)
    assert first.section(Language.ENGLISH) == Section("TR", "Company", company="TR")
    assert first.section(Language.TURKISH) == Section("TR", "Şirket", company="TR")


def test_an_error_names_the_company_and_keeps_its_kind() -> None:
    first, _ = read(a_parameter("companies"), "TR, DE", a_source("TR", "DE"))
    with pytest.raises(JobError) as told, first.telling():
        raise JobError("HANA is away.", kind=ErrorKind.SOURCE_LOST, transient=True)
    assert told.value.message == "In the company TR: HANA is away."
    assert (told.value.kind, told.value.transient) == (ErrorKind.SOURCE_LOST, True)


@pytest.mark.parametrize(
    ("type", "given", "first"),
    [
        ("company", "DE", "DE"),
        ("company", None, ""),
        ("companies", ["DE", "TR"], "DE"),
        ("companies", ("DE",), "DE"),
        ("companies", None, "TR"),
        ("text", "DE", ""),
    ],
)
def test_choices_and_periods_are_those_of_the_first_company(
    type: str, given: object, first: str
) -> None:
    definitions = offering([a_parameter(type)], a_source("TR", "DE"))
    assert first_company(definitions, {"c": given}) == first
