"""What a person decides about a chain: after which end, which task, with which parameters."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tasks.errors import Invalid
from tasks.models import ChainOn
from tasks.models.base import JsonObject
from tasks.reports.parameters import ParameterDefinition, ParameterType

MOST_CHAINS = 20


class RunFact(StrEnum):
    """What the next run can be told about the run that has ended."""

    ID = "id"
    SCHEDULED_FOR = "scheduled_for"
    STATE = "state"
    ROWS = "rows"


FITTING = {
    RunFact.ID: (ParameterType.INTEGER, ParameterType.DECIMAL, ParameterType.TEXT),
    RunFact.ROWS: (ParameterType.INTEGER, ParameterType.DECIMAL, ParameterType.TEXT),
    RunFact.SCHEDULED_FOR: (ParameterType.DATE, ParameterType.TEXT),
    RunFact.STATE: (ParameterType.TEXT, ParameterType.CHOICE),
}
"""The types of parameters that can take each fact."""


class ChainValue(BaseModel):
    """A parameter of the next run: one of the first run, a fixed one, or a fact of the first."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_parameter: str | None = Field(None, alias="from")
    value: str | int | float | bool | None = None
    run: RunFact | None = None

    @model_validator(mode="after")
    def _only_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise Invalid("Say where the value comes from, in one way only.", field="parameters")
        return self

    @property
    def is_empty(self) -> bool:
        """Whether it is a fixed value of nothing."""
        return "value" in self.model_fields_set and self.value in (None, "")

    def kept(self) -> JsonObject:
        """Return it as the chain's row keeps it."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class ChainContent(BaseModel):
    """A chain as it is given: `task` is the slug of the next one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: ChainOn = ChainOn.SUCCESS
    task: str = Field(min_length=1, max_length=80)
    parameters: dict[str, ChainValue] = Field(default_factory=dict, max_length=50)

    def kept(self) -> JsonObject:
        """Return the parameters as the chain's row keeps them."""
        return {name: value.kept() for name, value in self.parameters.items()}


def check_parameters(
    chain: ChainContent,
    *,
    place: str,
    first: Sequence[ParameterDefinition],
    following: Sequence[ParameterDefinition],
) -> None:
    """Raise Invalid where a parameter is unknown, is missing, or cannot take its value."""
    known = {one.name: one for one in following}
    for name, value in chain.parameters.items():
        if name not in known:
            raise Invalid(
                "The next task has no parameter “{name}”. Known: {known}.",
                field=f"{place}.parameters.{name}",
                name=name,
                known=", ".join(known) or "–",
            )
        _check_value(known[name], value, {one.name for one in first}, f"{place}.parameters.{name}")
    for one in following:
        given = chain.parameters.get(one.name)
        if one.required and not one.default and (given is None or given.is_empty):
            raise Invalid(
                "{title} is missing.", field=f"{place}.parameters.{one.name}", title=one.title
            )


def _check_value(wanted: ParameterDefinition, value: ChainValue, given: set[str], at: str) -> None:
    if value.from_parameter is not None and value.from_parameter not in given:
        raise Invalid(
            "This task has no parameter “{name}”. Known: {known}.",
            field=at,
            name=value.from_parameter,
            known=", ".join(sorted(given)) or "–",
        )
    if value.run is not None and wanted.type not in FITTING[value.run]:
        raise Invalid("{title} cannot take this fact of a run.", field=at, title=wanted.title)
    if value.value not in (None, ""):
        try:
            wanted.parse(value.value)
        except Invalid as problem:
            problem.field = at
            raise
