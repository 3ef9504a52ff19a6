"""The settings of a job as the controls of a form."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from tasks.jobs.fields import FieldKind, SettingField, fields_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


Days = Annotated[int, Field(ge=1, le=30)]


class Everything(BaseModel):
    days: Annotated[int, Field(ge=1, le=30, title="Days to keep", description="Older ones go.")] = 7
    more_than: Annotated[int, Field(gt=0)]
    share: Decimal = Decimal("0.5")
    name: str = ""
    long_text: Annotated[str, Field(max_length=20_000)] = ""
    loud: bool = True
    colour: Colour = Colour.BLUE
    method: Literal["GET", "POST"] = "GET"
    colours: list[Colour] = Field(default_factory=list)
    lines: list[str] = Field(default_factory=lambda: ["a"])
    perhaps: int | None = None
    at_most: Annotated[Days | None, Field(title="At most")] = None
    codes: list[Days] = Field(default_factory=list)


FIELDS = {one.name: one for one in fields_of(Everything)}


@pytest.mark.parametrize(
    ("name", "kind", "default", "choices"),
    [
        ("days", FieldKind.NUMBER, 7, ()),
        ("more_than", FieldKind.NUMBER, None, ()),
        ("share", FieldKind.DECIMAL, "0.5", ()),
        ("name", FieldKind.TEXT, "", ()),
        ("long_text", FieldKind.AREA, "", ()),
        ("loud", FieldKind.YES_NO, True, ()),
        ("colour", FieldKind.CHOICE, "blue", ("red", "blue")),
        ("method", FieldKind.CHOICE, "GET", ("GET", "POST")),
        ("colours", FieldKind.LIST, [], ("red", "blue")),
        ("lines", FieldKind.LIST, ["a"], ()),
        ("perhaps", FieldKind.NUMBER, None, ()),
        ("at_most", FieldKind.NUMBER, None, ()),
        ("codes", FieldKind.LIST, [], ()),
    ],
)
def test_each_type_has_its_control(
    name: str, kind: FieldKind, default: object, choices: tuple[str, ...]
) -> None:
    found = FIELDS[name]
    assert (found.kind, found.default, found.choices) == (kind, default, choices)


def test_words_and_bounds_come_from_the_type() -> None:
    assert FIELDS["days"] == SettingField(
        name="days",
        title="Days to keep",
        kind=FieldKind.NUMBER,
        required=False,
        default=7,
        help="Older ones go.",
        min=1,
        max=30,
    )


def test_bounds_count_inside_of_what_may_be_empty() -> None:
    found = FIELDS["at_most"]
    assert (found.title, found.required, found.min, found.max) == ("At most", False, 1, 30)


def test_a_setting_without_a_default_is_required_and_named_after_itself() -> None:
    found = FIELDS["more_than"]
    assert (found.required, found.title, found.min, found.max) == (True, "More than", 0, None)
